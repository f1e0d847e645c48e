package io.postern.net;

import java.time.Duration;

/// Windows of one kind of connection, in bytes.
///
/// @param start of a stream, before anything is measured
/// @param narrow of a stream, while memory is short
/// @param max to which a stream may grow
/// @param connection of all streams together; refilled on receipt, so it must only never be the narrow place
/// @param probePauseNanos between two measurements; a shorter path gains nothing from more
/// @param probesAtStart measure the round trip once while nothing is queued
record WindowSizes(int start, int narrow, int max, int connection, long probePauseNanos, boolean probesAtStart) {

    /// 256 KiB are 40 Mbit/s at 50 ms; 8 MiB are 1.3 Gbit/s.
    static final WindowSizes TUNNEL = new WindowSizes(
            256 * 1024, 32 * 1024, 8 << 20, 64 << 20, Duration.ofMillis(10).toNanos(), true);

    /// Strangers get less before they have shown that they use it: 128 streams of one client may promise
    /// themselves 8 MiB. No probe for the many connections that never send a body.
    static final WindowSizes EDGE = new WindowSizes(
            64 * 1024, 16 * 1024, 8 << 20, 16 << 20, Duration.ofMillis(20).toNanos(), false);

    /// Backends are near: 256 KiB are 2 Gbit/s at 1 ms. Most answers are small, so no probe at the start.
    static final WindowSizes BACKEND = new WindowSizes(
            256 * 1024, 32 * 1024, 4 << 20, 64 << 20, Duration.ofMillis(20).toNanos(), false);
}
