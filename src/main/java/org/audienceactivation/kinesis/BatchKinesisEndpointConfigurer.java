package org.audienceactivation.kinesis;

import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.kinesis.Kinesis2EndpointConfigurer;

/** Binds our options of an endpoint, and leaves the others to {@code aws2-kinesis}. */
public class BatchKinesisEndpointConfigurer extends Kinesis2EndpointConfigurer {

  @Override
  public boolean configure(
      CamelContext camelContext, Object obj, String name, Object value, boolean ignoreCase) {
    BatchKinesisOption.requireKnown(name, value);
    return BatchKinesisOption.named(name)
        .map(
            option -> {
              option.set(camelContext, configuration(obj), value);
              return true;
            })
        .orElseGet(() -> super.configure(camelContext, obj, name, value, ignoreCase));
  }

  @Override
  public Class<?> getOptionType(String name, boolean ignoreCase) {
    return BatchKinesisOption.named(name)
        .<Class<?>>map(BatchKinesisOption::type)
        .orElseGet(() -> super.getOptionType(name, ignoreCase));
  }

  @Override
  public Object getOptionValue(Object obj, String name, boolean ignoreCase) {
    return BatchKinesisOption.named(name)
        .map(option -> option.get(configuration(obj)))
        .orElseGet(() -> super.getOptionValue(obj, name, ignoreCase));
  }

  private static BatchKinesisConfiguration configuration(Object endpoint) {
    return ((BatchKinesisEndpoint) endpoint).getConfiguration();
  }
}
