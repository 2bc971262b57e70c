/**
 * Reads the flow descriptions of the vendor's Flow Service and makes destination files of them.
 * This room knows destinations as files; it does not know Camel or AWS, and calls nobody.
 */
package org.audienceactivation.flow;
