package io.postern.admin.service;

import io.postern.domain.sync.SyncMapping;
import io.postern.store.Group;
import io.postern.store.SyncStore;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What another directory brings is changed there, and only read here (4.2): the next cycle would take it back.
final class SyncOwned {
    /// In the words that everybody's scripts know.
    private static final String REFUSAL = "Unable to update the specified properties for on-premises mastered Directory"
            + " Sync objects or objects currently undergoing migration.";

    private SyncOwned() {}

    /// @throws Rejected when the draft changes what the directory of the user says of him
    static void keep(Change change, User user, UserDraft draft) {
        Optional<SyncStore.OfSource> owner =
                change.stores().sync().ofTarget(change.tenant(), user.id().value());
        if (owner.isEmpty()) {
            return;
        }
        SyncMapping mapping = change.stores()
                .sync()
                .find(change.tenant(), owner.get().source())
                .map(source -> SyncMapping.of(source.settings().mapping()))
                .orElseGet(() -> SyncMapping.of(Map.of()));
        List<String> refused = new ArrayList<>();
        refuse("userPrincipalName", draft.userPrincipalName().given(), refused);
        refuse("displayName", draft.displayName().given(), refused);
        refuse("accountEnabled", draft.accountEnabled().given(), refused);
        refuse("givenName", draft.givenName().given() && mapping.users().containsKey("givenName"), refused);
        refuse("surname", draft.surname().given() && mapping.users().containsKey("surname"), refused);
        refuse("mail", draft.mail().given() && mapping.users().containsKey("mail"), refused);
        draft.attributes().keySet().stream()
                .filter(mapping.users()::containsKey)
                .sorted()
                .forEach(refused::add);
        if (!refused.isEmpty()) {
            throw Rejected.invalid(
                    refused.getFirst(),
                    REFUSAL + " Change " + String.join(", ", refused) + " of '" + user.userPrincipalName()
                            + "' in his directory, then run 'postern sync now'.");
        }
    }

    /// @throws Rejected when a directory brings the user
    static void keep(Change change, User user) {
        if (change.stores().sync().ofTarget(change.tenant(), user.id().value()).isPresent()) {
            throw Rejected.invalid(
                    "id",
                    REFUSAL + " Delete or disable '" + user.userPrincipalName()
                            + "' in his directory, then run 'postern sync now'.");
        }
    }

    /// @throws Rejected when a directory brings the group
    static void keep(Change change, Group group) {
        if (change.stores().sync().ofTarget(change.tenant(), group.id().value()).isPresent()) {
            throw Rejected.invalid(
                    "id",
                    REFUSAL + " Change '" + group.displayName()
                            + "' and its members in its directory, then run 'postern sync now'.");
        }
    }

    private static void refuse(String property, boolean changed, List<String> refused) {
        if (changed) {
            refused.add(property);
        }
    }
}
