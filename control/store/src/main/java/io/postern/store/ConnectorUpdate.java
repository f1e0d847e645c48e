package io.postern.store;

import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// What the updater of one connector said last, and what became of it.
///
/// @param running version that serves
/// @param offered newer version that its manifest announces
/// @param failed version that was tried last and rolled back
/// @param requested an administrator wants it updated whatever the policy says
/// @param reason for people
/// @param since when the state began
/// @param asked when the updater was heard of last; never for a request to one that was not heard of
public record ConnectorUpdate(
        TenantId tenant,
        ConnectorId connector,
        String running,
        Optional<String> offered,
        Optional<String> failed,
        boolean requested,
        State state,
        String reason,
        Instant since,
        Optional<Instant> asked) {
    public enum State {
        /// Nothing newer is known.
        CURRENT,
        /// Something newer is known, and it is not its time.
        WAITING,
        UPDATING,
        /// The last try failed; what ran before runs on.
        ROLLED_BACK,
        /// The updater has no usable manifest.
        FAULT
    }
}
