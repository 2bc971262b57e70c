package org.audienceactivation.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.audienceactivation.bench.ReadyEvents.Event;

/**
 * From a line of {@link BenchProfiles} to its event, as one writes it in a processor of a Camel
 * route: Jackson's tree of the profile, the tree of the event, its bytes. Knows these profiles
 * only: no rejections, no policies, nothing is counted.
 */
final class StockMapping {

  private final ObjectMapper json = new ObjectMapper();

  Event event(String line) {
    try {
      JsonNode profile = json.readTree(line);
      if (!profile.at("/consents/share/val").asText().equals("y")) {
        throw new IllegalStateException("these profiles all have their consent");
      }
      ObjectNode event = json.createObjectNode();
      JsonNode person = profile.path("person");
      ObjectNode mapped = event.putObject("person").put("email", person.path("email").asText());
      mapped
          .putObject("name")
          .put("firstName", person.at("/name/firstName").asText())
          .put("lastName", person.at("/name/lastName").asText());
      writeMemberships(profile.path("segmentMembership"), event);
      writeIdentities(profile.path("identityMap"), event);
      String key = profile.at("/identityMap/ECID/0/id").asText();
      return new Event(key, json.writeValueAsBytes(event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("these profiles are all well-formed", e);
    }
  }

  private static void writeMemberships(JsonNode memberships, ObjectNode event) {
    ObjectNode namespaces = event.putObject("segmentMembership");
    for (Map.Entry<String, JsonNode> namespace : memberships.properties()) {
      ObjectNode audiences = namespaces.putObject(namespace.getKey());
      for (Map.Entry<String, JsonNode> audience : namespace.getValue().properties()) {
        JsonNode membership = audience.getValue();
        audiences
            .putObject(audience.getKey())
            .put("lastQualificationTime", membership.path("lastQualificationTime").asText())
            .put("status", membership.path("status").asText());
      }
    }
  }

  private static void writeIdentities(JsonNode identities, ObjectNode event) {
    ObjectNode namespaces = event.putObject("identityMap");
    for (Map.Entry<String, JsonNode> namespace : identities.properties()) {
      ArrayNode items = namespaces.putArray(namespace.getKey());
      namespace.getValue().forEach(item -> items.addObject().put("id", item.path("id").asText()));
    }
  }
}
