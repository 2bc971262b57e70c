package org.audienceactivation.route;

/**
 * The body of a message that holds neither bytes nor text.
 *
 * @param kind what it is instead, for the dead letter
 */
record ForeignBody(String kind) {}
