package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step of a file's route: lets the file go only if every record of it is settled. What was
 * not settled is counted as returned, and the file stays where it is.
 */
final class Acknowledge implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(Acknowledge.class);

  private final Exports exports;

  Acknowledge(Exports exports) {
    this.exports = exports;
  }

  /**
   * Closes the export of the exchange.
   *
   * @throws UnsettledSourceException so that Camel does not acknowledge the file
   */
  @Override
  public void process(Exchange exchange) throws UnsettledSourceException {
    ExportFile export = exchange.getProperty(Exports.EXPORT, ExportFile.class);
    if (export == null) {
      throw new UnsettledSourceException(
          "route "
              + exchange.getFromRouteId()
              + ": the step acknowledge needs the batches of the bean exports before it");
    }
    export.giveBackUnsettled();
    exports.close(export);
    if (export.isSettled()) {
      return;
    }
    String why = why(export);
    if (!export.isUntouched()) {
      LOG.warn("{}: {}; the file stays in the inbox and will be read again", export.name(), why);
    }
    throw new UnsettledSourceException(export.name() + ": " + why);
  }

  private static String why(ExportFile export) {
    if (export.isCutShort()) {
      return "it was not read to its end, because the application stops or reading failed";
    }
    return export.hasChanged()
        ? "it was written to while it was read"
        : "not all of its records could be settled";
  }
}
