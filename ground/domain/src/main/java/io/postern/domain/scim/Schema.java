package io.postern.domain.scim;

import java.util.List;
import java.util.Optional;

/// A schema by its URN (RFC 7643 §7).
public record Schema(String id, String name, String description, List<Attribute> attributes) {
    public Schema {
        attributes = List.copyOf(attributes);
    }

    Optional<Attribute> attribute(String wanted) {
        return attributes.stream()
                .filter(a -> a.name().equalsIgnoreCase(wanted))
                .findFirst();
    }
}
