package io.postern.bench;

import java.util.List;

/// What a load generator saw.
///
/// @param done answers that came, complete and with a success status
/// @param bytes of content that came
/// @param seconds that the load took, by the generator's clock
/// @param p50Millis NaN where latency means nothing
/// @param faults in words, empty when every answer was right
record Sample(long done, long bytes, double seconds, double p50Millis, double p99Millis, List<String> faults) {
    Sample withFaults(List<String> others) {
        return new Sample(done, bytes, seconds, p50Millis, p99Millis, others);
    }

    double perSecond() {
        return done / seconds;
    }
}
