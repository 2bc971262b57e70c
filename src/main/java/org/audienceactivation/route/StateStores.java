package org.audienceactivation.route;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.state.EmbeddedStore;
import org.audienceactivation.state.PostgresStore;
import org.audienceactivation.state.StateStore;
import org.audienceactivation.state.StateStoreException;
import org.audienceactivation.state.StateStoreInUseException;

/** Opens the state store that the settings name. */
final class StateStores {

  private StateStores() {}

  /**
   * Opens it.
   *
   * @param instead a folder that takes the place of the store, if there is one
   * @return empty if nothing is to be kept
   * @throws ConfigurationException if it cannot be opened, or its library is not there
   */
  static Optional<StateStore> open(ApplicationProperties properties, Optional<Path> instead) {
    boolean isKept = !properties.text(Setting.STATE_STORE).equals("none");
    if (isKept && instead.isPresent()) {
      return Optional.of(EmbeddedStore.open(instead.get()));
    }
    try {
      return openOrInUse(properties);
    } catch (StateStoreInUseException e) {
      throw problem(properties, e);
    }
  }

  private static ConfigurationException problem(
      ApplicationProperties properties, StateStoreException e) {
    return new ConfigurationException(
        List.of(properties.problem(Setting.STATE_STORE.key(), e.getMessage())));
  }

  /**
   * The same.
   *
   * @throws StateStoreInUseException if another process has it open
   */
  static Optional<StateStore> openOrInUse(ApplicationProperties properties) {
    try {
      return switch (properties.text(Setting.STATE_STORE)) {
        case "none" -> Optional.empty();
        case "postgresql" -> {
          OptionalLibrary.POSTGRESQL.require(properties);
          OptionalLibrary.HIKARI.require(properties);
          yield Optional.of(
              PostgresStore.open(
                  properties.text(Setting.STATE_URL),
                  properties.text(Setting.STATE_USER),
                  properties.text(Setting.STATE_PASSWORD),
                  properties.number(Setting.STATE_CONNECTIONS)));
        }
        default -> Optional.of(EmbeddedStore.open(directory(properties)));
      };
    } catch (StateStoreInUseException e) {
      throw e;
    } catch (StateStoreException e) {
      throw problem(properties, e);
    }
  }

  /** Where the embedded store lies. */
  static Path directory(ApplicationProperties properties) {
    try {
      return Path.of(properties.text(Setting.STATE_DIRECTORY));
    } catch (InvalidPathException e) {
      throw new ConfigurationException(
          List.of(properties.problem(Setting.STATE_DIRECTORY.key(), "is no name of a folder")));
    }
  }
}
