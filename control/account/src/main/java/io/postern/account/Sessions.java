package io.postern.account;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.RefreshFamily;
import io.postern.store.RevocationStore;
import io.postern.store.SessionStore;
import io.postern.store.Stores;
import java.time.Instant;

/// Ends sessions: their row goes, and every gateway refuses what was given in them and ends what is open (CAE-1). All
/// of
/// it in the transaction of the caller, who writes the audit entry.
public final class Sessions {
    private Sessions() {}

    /// A browser session, with the refresh tokens that were given in it.
    public static void end(Stores stores, SessionStore.Row session, Instant now, String reason) {
        stores.sessions().delete(session.tenant(), session.id());
        makeVoid(stores, session.tenant(), session.id(), now);
        for (RefreshFamily family : stores.refreshFamilies().ofSession(session.tenant(), session.id(), now)) {
            end(stores, family, now, reason);
        }
    }

    /// A refresh token and the access tokens that came from it.
    public static void end(Stores stores, RefreshFamily family, Instant now, String reason) {
        stores.refreshFamilies().end(family.tenant(), family.id(), now, reason);
        makeVoid(stores, family.tenant(), family.id(), now);
    }

    /// Everything of a user. @return how many sessions there were
    public static int endAll(Stores stores, TenantId tenant, UserId user, Instant now, String reason) {
        int ended = 0;
        for (SessionStore.Row session : stores.sessions().of(tenant, user)) {
            end(stores, session, now, reason);
            ended++;
        }
        for (RefreshFamily family : stores.refreshFamilies().ofUser(tenant, user, now)) {
            end(stores, family, now, reason);
            ended++;
        }
        return ended;
    }

    private static void makeVoid(Stores stores, TenantId tenant, SessionId id, Instant now) {
        stores.revocations()
                .endSession(new RevocationStore.EndedSession(tenant, id, now.plus(Accounts.PROOF_LIFETIME_MAX)));
        stores.changes().bump();
    }
}
