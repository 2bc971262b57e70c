package org.audienceactivation.route;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.aws2.kinesis.Kinesis2Component;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * Stands in for aws2-kinesis where nothing may be sent: it takes every option and does nothing. It
 * is a Kinesis2Component only because Camel configures whatever bears that name as one.
 */
final class NothingSentComponent extends Kinesis2Component {
  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    parameters.clear();
    return new NothingSentEndpoint(uri, this);
  }

  private static final class NothingSentEndpoint extends DefaultEndpoint {
    NothingSentEndpoint(String uri, NothingSentComponent component) {
      super(uri, component);
    }

    @Override
    public Producer createProducer() {
      return new DefaultProducer(this) {
        @Override
        public void process(Exchange exchange) {
          // that is the point of it
        }
      };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      throw new UnsupportedOperationException("nothing is read from Kinesis here");
    }
  }
}
