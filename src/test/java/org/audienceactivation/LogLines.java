package org.audienceactivation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** What is logged at INFO and above, as long as it is open. */
public final class LogLines extends AbstractAppender implements AutoCloseable {
  /** Where Camel says that it starts or stops a route. */
  private static final String OF_ROUTES = "org.apache.camel.impl.engine";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Level before;

  private LogLines(Level before) {
    super("log-lines", null, null, true, Property.EMPTY_ARRAY);
    this.before = before;
  }

  public static LogLines open() {
    LoggerContext context = LoggerContext.getContext(false);
    LogLines opened = new LogLines(context.getConfiguration().getRootLogger().getLevel());
    opened.start();
    context.getConfiguration().getRootLogger().addAppender(opened, Level.INFO, null);
    context.getConfiguration().getRootLogger().setLevel(Level.INFO);
    context.updateLoggers();
    Configurator.setLevel(OF_ROUTES, Level.INFO);
    return opened;
  }

  public List<String> with(String part) {
    return lines.stream().filter(line -> line.contains(part)).toList();
  }

  @Override
  public void append(LogEvent event) {
    lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
  }

  @Override
  public void close() {
    LoggerContext context = LoggerContext.getContext(false);
    context.getConfiguration().getRootLogger().removeAppender(getName());
    context.getConfiguration().getRootLogger().setLevel(before);
    context.updateLoggers();
    Configurator.setLevel(OF_ROUTES, Level.WARN);
    stop();
  }
}
