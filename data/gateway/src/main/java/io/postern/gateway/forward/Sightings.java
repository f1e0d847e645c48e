package io.postern.gateway.forward;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;

/// How often each thing was seen, and on which pages. Bounded; thread-safe without waiting, since event loops
/// write it.
final class Sightings<T> {
    private static final int PAGES_MAX = 3;

    private record Sighting(LongAdder count, Set<String> pages) {
        static Sighting none() {
            return new Sighting(new LongAdder(), ConcurrentHashMap.newKeySet());
        }
    }

    private final Map<T, Sighting> all = new ConcurrentHashMap<>();
    private final int sizeMax;
    private volatile boolean complete = true;

    Sightings(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    /// @return whether this is the first of its kind
    boolean note(T what, String page) {
        Sighting known = all.get(what);
        boolean isNew = known == null;
        if (known == null) {
            if (all.size() >= sizeMax) {
                complete = false;
                return false;
            }
            known = all.computeIfAbsent(what, w -> Sighting.none());
        }
        known.count.increment();
        if (known.pages.size() < PAGES_MAX) {
            known.pages.add(page);
        }
        return isNew;
    }

    /// False: something was not noted for want of room.
    boolean isComplete() {
        return complete;
    }

    /// What each was and how often, in no order.
    <R> List<R> list(BiFunction<T, Seen, R> row) {
        return all.entrySet().stream()
                .map(e -> row.apply(
                        e.getKey(),
                        new Seen(
                                e.getValue().count.sum(),
                                e.getValue().pages.stream().sorted().toList())))
                .toList();
    }

    record Seen(long count, List<String> pages) {}
}
