package org.audienceactivation.state;

/** What a store keeps of one profile. The bytes are not copied, and must not be changed. */
public final class StateEntry {

  private final ProfileKey profile;
  private final byte[] state;

  private StateEntry(ProfileKey profile, byte[] state) {
    this.profile = profile;
    this.state = state;
  }

  /**
   * An entry.
   *
   * @param state empty to have nothing kept of the profile
   */
  public static StateEntry of(ProfileKey profile, byte[] state) {
    return new StateEntry(profile, state);
  }

  public ProfileKey profile() {
    return profile;
  }

  public byte[] state() {
    return state;
  }
}
