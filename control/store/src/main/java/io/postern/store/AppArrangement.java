package io.postern.store;

import java.util.List;

/// How a user arranged his tiles.
///
/// @param order ids of service principals that come first, in this order; the rest follows by name
/// @param hidden ids of service principals whose tiles he does not want to see
public record AppArrangement(List<String> order, List<String> hidden) {
    public static final AppArrangement NONE = new AppArrangement(List.of(), List.of());

    public AppArrangement {
        order = List.copyOf(order);
        hidden = List.copyOf(hidden);
    }
}
