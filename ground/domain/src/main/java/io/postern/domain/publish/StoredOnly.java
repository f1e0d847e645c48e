package io.postern.domain.publish;

/// Settings of the original that clients of its API send and read back, and that change nothing here.
///
/// @param stateSession sign-in always checks its state (PRE-2), whatever this says
/// @param continuousAccessEvaluation open sessions are always re-checked
/// @param dnsResolution of the original's private network product
/// @param accessibleViaZtnaClient of the original's private network product
public record StoredOnly(
        boolean stateSession,
        boolean continuousAccessEvaluation,
        boolean dnsResolution,
        boolean accessibleViaZtnaClient) {
    public static final StoredOnly DEFAULT = new StoredOnly(true, true, false, false);
}
