/**
 * Reading exports into profiles: lines into raw records, raw records into profiles, and what can be
 * worked out from a profile alone (namespace codes, hashed identities).
 *
 * <p>This room knows JSON and XDM. It does not know destinations, consent rules, configuration
 * files, Camel or AWS, and reads nothing but the stream that it is handed.
 */
package org.audienceactivation.profile;
