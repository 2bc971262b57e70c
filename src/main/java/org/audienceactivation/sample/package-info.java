/**
 * Invented profile exports, and what must become of every profile in them: for the demo, for tests
 * and for measuring.
 *
 * <p>This room knows the exports' format and nothing else of ours: what it expects of the program
 * is computed while writing and never by asking the program.
 */
package org.audienceactivation.sample;
