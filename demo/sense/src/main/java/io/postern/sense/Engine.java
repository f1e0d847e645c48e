package io.postern.sense;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The data behind the chart: orders a second in four regions. A function of time only, so that every
/// node and every reconnect shows the same picture.
final class Engine {
    static final List<String> REGIONS = List.of("North", "South", "East", "West");
    private static final int WINDOW_SECONDS = 60;

    private final String nodeName;

    Engine(String nodeName) {
        this.nodeName = nodeName;
    }

    String nodeName() {
        return nodeName;
    }

    Map<String, Object> about() {
        return Map.of("product", "Sense demo", "node", nodeName, "qVersion", "1.0-demo");
    }

    List<Map<String, Object>> apps() {
        return List.of(
                app("1f4a2c60-0001-4000-8000-000000000001", "Sales pulse", "Orders by region, live"),
                app("1f4a2c60-0002-4000-8000-000000000002", "Plant floor", "Throughput of four lines"),
                app("1f4a2c60-0003-4000-8000-000000000003", "Service desk", "Tickets as they come in"));
    }

    private static Map<String, Object> app(String id, String name, String description) {
        var app = new LinkedHashMap<String, Object>();
        app.put("qDocId", id);
        app.put("qDocName", name);
        app.put("qTitle", name);
        app.put("qMeta", Map.of("description", description));
        return app;
    }

    /// Series of the last minute up to `epochSecond`, one value a second and region.
    Map<String, Object> layout(String appId, long epochSecond) {
        var series = new ArrayList<Map<String, Object>>();
        for (int r = 0; r < REGIONS.size(); r++) {
            var values = new ArrayList<Integer>(WINDOW_SECONDS);
            for (long t = epochSecond - WINDOW_SECONDS + 1; t <= epochSecond; t++) {
                values.add(value(appId.hashCode(), r, t));
            }
            series.add(Map.of("name", REGIONS.get(r), "values", values));
        }
        return Map.of(
                "qInfo",
                Map.of("qId", "live", "qType", "chart"),
                "end",
                epochSecond,
                "node",
                nodeName,
                "series",
                series);
    }

    Map<String, Object> totals() {
        long now = System.currentTimeMillis() / 1_000;
        int sum = 0;
        for (int r = 0; r < REGIONS.size(); r++) {
            sum += value(0, r, now);
        }
        return Map.of("time", now, "ordersPerSecond", sum, "node", nodeName);
    }

    private static int value(int seed, int region, long second) {
        double wave = Math.sin(second / (9.0 + region * 3) + seed % 7) * 18 + Math.sin(second / 3.7 + region) * 6;
        long mix = (second * 1_103_515_245L + region * 12_345L + seed) ^ (second << 7);
        return (int) Math.max(0, 60 + region * 14 + wave + Math.floorMod(mix, 9));
    }
}
