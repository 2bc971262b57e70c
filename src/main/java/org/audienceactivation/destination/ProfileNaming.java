package org.audienceactivation.destination;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;
import org.audienceactivation.state.ProfileKey;

/**
 * What names a profile, so that it is known again when it comes the next time: the first of these
 * that it has, then the first identity of its first namespace in sorted order.
 *
 * @param sources {@link #ID}, {@link #PRIMARY} or the code of a namespace
 */
public record ProfileNaming(List<String> sources) {

  /** The profile's own id. */
  public static final String ID = "_id";

  /** The identity that the export marks as primary. */
  public static final String PRIMARY = "primary";

  private static final XdmPath ID_PATH = XdmPath.of(ID);

  public ProfileNaming {
    sources = List.copyOf(sources);
  }

  /** What must be read of a profile to name it. */
  public Projection needs() {
    return sources.contains(ID) ? Projection.ofPaths(List.of(ID_PATH)) : Projection.NOTHING;
  }

  /** The key of a profile; empty only if it names nobody. */
  public Optional<ProfileKey> of(Profile profile) {
    for (String source : sources) {
      Optional<ProfileKey> key = by(source, profile);
      if (key.isPresent()) {
        return key;
      }
    }
    IdentityMap identities = profile.identities();
    return identities.isEmpty()
        ? Optional.empty()
        : ofFirst(identities, Collections.min(identities.namespaces()));
  }

  private static Optional<ProfileKey> by(String source, Profile profile) {
    return switch (source) {
      case ID -> ofId(profile.attributes());
      case PRIMARY -> ofPrimary(profile.identities());
      default -> ofFirst(profile.identities(), source);
    };
  }

  private static Optional<ProfileKey> ofId(JsonValue.Obj attributes) {
    return attributes.get(ID).orElse(JsonValue.Null.NULL) instanceof JsonValue.Text id
        ? Optional.of(key(ID, id.value()))
        : Optional.empty();
  }

  private static Optional<ProfileKey> ofPrimary(IdentityMap identities) {
    for (String namespace : identities.namespaces()) {
      for (Identity identity : identities.of(namespace)) {
        if (identity.primary()) {
          return Optional.of(key(namespace, identity.id()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<ProfileKey> ofFirst(IdentityMap identities, String namespace) {
    return identities.firstOf(namespace).map(identity -> key(namespace, identity.id()));
  }

  /** The case in which a namespace is spelled names nobody else. */
  private static ProfileKey key(String namespace, String id) {
    MessageDigest sha256 = sha256();
    sha256.update(namespace.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    sha256.update((byte) 0);
    ByteBuffer digest = ByteBuffer.wrap(sha256.digest(id.getBytes(StandardCharsets.UTF_8)));
    return new ProfileKey(digest.getLong(), digest.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
