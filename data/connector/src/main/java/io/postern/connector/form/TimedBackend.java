package io.postern.connector.form;

import io.postern.tunnel.TunnelFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A backend during one sign-in, which ends after some time however many pages it has. Remembers whether the
/// password was sent. For one thread.
final class TimedBackend implements FormBackend {
    static final Duration LIMIT = Duration.ofSeconds(30);

    private final FormBackend backend;
    private final InstantSource clock;
    private final Instant until;
    private boolean posted;

    TimedBackend(FormBackend backend, InstantSource clock) {
        this.backend = backend;
        this.clock = clock;
        this.until = clock.instant().plus(LIMIT);
    }

    @Override
    public FormAnswer send(FormRequest request) {
        if (!clock.instant().isBefore(until)) {
            throw new LoginFault(
                    TunnelFailure.FIRST_BYTE_TIMEOUT,
                    "the sign-in was not done after " + LIMIT.toSeconds() + " s; look why its pages take so long");
        }
        posted = posted || request.method().equals("POST");
        return backend.send(request);
    }

    @Override
    public boolean is(String hostAndPort) {
        return backend.is(hostAndPort);
    }

    boolean posted() {
        return posted;
    }
}
