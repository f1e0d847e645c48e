package io.postern.identity.session;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What a user just proved.
///
/// @param methods names of RFC 8176
/// @param mfa when a second factor was proved; empty when none was
public record Proof(Set<String> methods, Optional<Instant> mfa) {
    public static final String PASSWORD = "pwd";
    public static final String ONE_TIME_PASSWORD = "otp";
    /// A key that cannot leave its device.
    public static final String HARDWARE_KEY = "hwk";
    /// A key that its keeper may copy, such as a synchronised passkey.
    public static final String SOFTWARE_KEY = "swk";
    public static final String TEMPORARY_PASS = "tap";
    public static final String RECOVERY_CODE = "kba"; // RFC 8176: knowledge that was agreed on before
    public static final String DESKTOP = "wia"; // RFC 8176: the ticket of a computer in the domain
    /// At another identity provider, whose word we took.
    public static final String FEDERATED = "fed";
    public static final String MULTIPLE = "mfa";

    public static final Proof BY_PASSWORD = new Proof(Set.of(PASSWORD), Optional.empty());

    public Proof {
        methods = Set.copyOf(methods);
    }
}
