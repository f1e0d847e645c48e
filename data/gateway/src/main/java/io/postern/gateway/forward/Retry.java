package io.postern.gateway.forward;

import java.util.Set;

/// When a request may be sent once more, over another tunnel. Pure. The reasons stand in
/// docs/decisions/2026-11-21-spreading-and-retries.md.
final class Retry {
    /// In all: the first and two more.
    static final int ATTEMPTS_MAX = 3;

    /// What is known of an attempt that came to nothing.
    enum Fate {
        /// No backend has seen a byte of it: refused, draining, too busy, not reachable from there.
        UNTOUCHED,
        /// The tunnel was lost after the request had gone out: the backend may have carried it out.
        UNKNOWN
    }

    /// RFC 9110 §9.2.2: twice has the effect of once. A WebSocket (CONNECT) is a GET at its backend.
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "CONNECT");

    private Retry() {}

    /// @param attempts so far
    /// @param bodySent a byte of the body has gone out: it is not kept, so it cannot be sent again
    /// @param answerSent the client has got a byte of an answer, be it a head or an informational one
    static boolean isSafe(int attempts, boolean bodySent, boolean answerSent, Fate fate, CharSequence method) {
        if (attempts >= ATTEMPTS_MAX || bodySent || answerSent) {
            return false;
        }
        return switch (fate) {
            case UNTOUCHED -> true;
            case UNKNOWN -> IDEMPOTENT.contains(method.toString());
        };
    }
}
