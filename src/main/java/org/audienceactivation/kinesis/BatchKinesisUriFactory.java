package org.audienceactivation.kinesis;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.component.aws2.kinesis.Kinesis2EndpointUriFactory;

/** Lets YAML routes and endpoint DSLs build URIs with our options under our scheme. */
public class BatchKinesisUriFactory extends Kinesis2EndpointUriFactory {

  @Override
  public boolean isEnabled(String scheme) {
    return BatchKinesisComponent.SCHEME.equals(scheme);
  }

  @Override
  public Set<String> propertyNames() {
    return Stream.concat(
            super.propertyNames().stream(),
            BatchKinesisOption.ALL.stream().map(BatchKinesisOption::name))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Set<String> secretPropertyNames() {
    return Stream.concat(super.secretPropertyNames().stream(), Stream.of("roleExternalId"))
        .collect(Collectors.toUnmodifiableSet());
  }
}
