package io.postern.admin.service;

import java.util.Map;
import java.util.TreeMap;

/// Counts what became of objects in one transaction.
final class SyncTally {
    private final Map<String, Long> counts = new TreeMap<>();

    void add(String what) {
        add(what, 1);
    }

    void add(String what, long many) {
        if (many > 0) {
            counts.merge(what, many, Long::sum);
        }
    }

    Map<String, Long> counts() {
        return Map.copyOf(counts);
    }
}
