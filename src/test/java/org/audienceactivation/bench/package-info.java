/**
 * The yardstick: what a record costs, and whether anything is lost when the program is killed or
 * Kinesis misbehaves for long. Stands in the test tree so that every build compiles it; started by
 * the scripts in {@code bench/}, which its README describes.
 */
package org.audienceactivation.bench;
