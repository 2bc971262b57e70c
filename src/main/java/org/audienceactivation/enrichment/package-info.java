/**
 * Enrichment as configuration: rules that derive attributes of a profile from others, and look them
 * up in tables. This room knows profiles and the form of configuration; of destinations, governance
 * and Camel it knows nothing.
 */
package org.audienceactivation.enrichment;
