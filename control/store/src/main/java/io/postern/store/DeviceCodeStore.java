package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Device codes (RFC 8628): a program waits while its user signs in on another device.
public interface DeviceCodeStore {
    enum State {
        WAITING,
        ALLOWED,
        DECLINED,
        TAKEN
    }

    /// @param deviceHash of the code that the program polls with
    /// @param userCode what the user types, in capitals without a dash
    /// @param payload what the program asked for, JSON
    /// @param answer who agreed and how he had signed in, JSON; there when ALLOWED or TAKEN
    /// @param interval between two polls
    record Row(
            String deviceHash,
            String userCode,
            TenantId tenant,
            String appId,
            String payload,
            State state,
            Optional<String> answer,
            Duration interval,
            Optional<Instant> polled,
            Instant expires) {}

    /// @return false when the user code is in use: choose another
    boolean insert(Row code);

    Optional<Row> find(String deviceHash);

    /// Codes that wait, and have not expired.
    Optional<Row> findByUserCode(String userCode, Instant now);

    /// Notes a poll, and the interval from now on.
    void polled(String deviceHash, Instant now, Duration interval);

    /// The user's word. One atomic statement: the first word counts. @return false when it was not waiting any more
    boolean decide(String deviceHash, State state, Optional<String> answer, Instant now);

    /// Makes an allowed code TAKEN. One atomic statement: true for one caller only.
    boolean take(String deviceHash, Instant now);

    int purge(Instant now);
}
