package io.postern.run.connector;

import io.netty.util.internal.PlatformDependent;
import io.postern.run.connector.log.Logs;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the process itself uses: the figures behind "memory stays flat".
final class ProcessMetrics {
    private ProcessMetrics() {}

    static void register(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("process_resident_memory_bytes")
                .help("Resident memory of the process, where the system tells")
                .callback(callback -> callback.call(residentBytes()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("jvm_heap_used_bytes")
                .help("Heap in use, garbage included")
                .callback(
                        callback -> callback.call((double) Runtime.getRuntime().totalMemory()
                                - Runtime.getRuntime().freeMemory()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("netty_direct_memory_bytes")
                .help("Memory of network buffers outside the heap")
                .callback(callback -> callback.call((double) PlatformDependent.usedDirectMemory()))
                .register(registry);
    }

    static void countDropped(PrometheusRegistry registry, Logs logs) {
        CounterWithCallback.builder()
                .name("connector_log_records_dropped_total")
                .help("Log records that a receiver did not take, or that came too fast")
                .callback(callback -> callback.call((double) logs.dropped()))
                .register(registry);
    }

    private static double residentBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException e) {
            return Double.NaN; // not Linux
        }
        return Double.NaN;
    }
}
