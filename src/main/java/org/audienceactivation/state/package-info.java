/**
 * What was last delivered of each profile, as bytes, behind one small interface. This room does not
 * know what the bytes mean, nor destinations, Camel or AWS.
 */
package org.audienceactivation.state;
