package org.audienceactivation.profile;

/** What reading one raw record gave: a profile, or why it is none. */
public sealed interface Reading permits Profile, Rejection {}
