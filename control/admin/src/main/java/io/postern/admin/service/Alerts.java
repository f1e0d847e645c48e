package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.store.Alert;
import io.postern.store.AlertStore;
import io.postern.store.User;
import java.util.List;
import java.util.stream.Stream;

/// What administrators are told of, once each (NTC-2): by mail to those whom the tenant names, else to those whose
/// roles it concerns, and by the operator's webhook.
public final class Alerts {
    static final String CONNECTOR = "connector";
    static final String REQUEST = "request";

    private static final int BATCH = 100;

    private static final List<AdminRole> TECHNICAL =
            List.of(AdminRole.GLOBAL_ADMINISTRATOR, AdminRole.APPLICATION_ADMINISTRATOR);

    private static final List<AdminRole> SYNCHRONISING =
            List.of(AdminRole.GLOBAL_ADMINISTRATOR, AdminRole.HYBRID_IDENTITY_ADMINISTRATOR);

    private static final List<AdminRole> SECURITY =
            List.of(AdminRole.GLOBAL_ADMINISTRATOR, AdminRole.SECURITY_ADMINISTRATOR);

    private final Ledger ledger;
    private final Notices notices;

    public Alerts(Ledger ledger, Site site) {
        this.ledger = ledger;
        this.notices = new Notices(site);
    }

    /// In the transaction of what it tells of.
    ///
    /// @param about as in [Alert]
    /// @return false when it was told before
    static boolean raise(Change change, Notices notices, String kind, String about, String... arguments) {
        Alert alert = Alert.of(change.tenant(), kind, about, change.now(), arguments);
        boolean fresh = change.stores().alerts().put(alert, true);
        if (fresh) {
            tell(change, notices, alert);
        }
        return fresh;
    }

    /// Writes the mail of what the sign-in service put there. Blocking. @return of how many
    public int work() {
        int told = 0;
        for (Alert alert : ledger.read(stores -> stores.alerts().untold(BATCH))) {
            Outcome<Boolean> outcome = ledger.change(Actor.service(alert.tenant()), change -> {
                boolean mine = change.stores().alerts().tell(alert);
                if (mine) {
                    tell(change, notices, alert);
                }
                return mine;
            });
            told += outcome instanceof Outcome.Done<Boolean>(Boolean mine) && mine ? 1 : 0;
        }
        return told;
    }

    private static void tell(Change change, Notices notices, Alert alert) {
        AlertStore.Recipients named = change.stores().alerts().recipients(change.tenant());
        switch (alert.kind()) {
            case REQUEST -> {} // its approvers are told as people
            case Alert.DISOWNED -> tell(change, notices, alert, named.security(), SECURITY);
            case SyncAlerts.FAILED, SyncAlerts.STOPPED, SyncAlerts.LATE, SyncAlerts.ERRORS ->
                tell(change, notices, alert, named.technical(), SYNCHRONISING);
            default -> tell(change, notices, alert, named.technical(), TECHNICAL);
        }
    }

    private static void tell(
            Change change, Notices notices, Alert alert, List<String> addresses, List<AdminRole> roles) {
        Object[] arguments = alert.arguments().toArray();
        if (!addresses.isEmpty()) {
            addresses.forEach(address -> notices.tell(change, address, alert.about(), alert.kind(), arguments));
            return;
        }
        roles.stream()
                .flatMap(role -> holders(change, role))
                .distinct()
                .forEach(user -> notices.tell(change, user, alert.about(), alert.kind(), "", arguments));
    }

    /// Service principals that hold the role have no mail.
    private static Stream<User> holders(Change change, AdminRole role) {
        return change.stores().roles().holders(change.tenant(), role.templateId()).stream()
                .flatMap(id -> change.stores().users().find(change.tenant(), new UserId(id)).stream())
                .filter(User::accountEnabled);
    }
}
