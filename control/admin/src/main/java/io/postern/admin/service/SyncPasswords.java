package io.postern.admin.service;

import io.postern.account.onpremises.PasswordPlace;
import io.postern.domain.sync.PasswordCheck;
import io.postern.domain.sync.SyncSettings;
import io.postern.store.RoleStore;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Duration;
import java.util.Optional;

/// Who checks the passwords of a source's users, as administrators choose it.
final class SyncPasswords {
    static final String HERE = "here";
    static final String ON_PREMISES = "onPremises";

    private SyncPasswords() {}

    static String word(PasswordCheck check) {
        return check.onPremises() ? ON_PREMISES : HERE;
    }

    /// @throws Rejected for a word that is none
    /// @throws IllegalArgumentException for numbers out of bounds
    static PasswordCheck of(Optional<SyncSettings> old, SyncDraft draft) {
        PasswordCheck before = old.map(SyncSettings::passwordCheck).orElse(PasswordCheck.HERE);
        String where = draft.passwords().where().or(word(before));
        if (!where.equals(HERE) && !where.equals(ON_PREMISES)) {
            throw Rejected.invalid(
                    "passwordCheck",
                    "passwordCheck '" + where + "' must be " + HERE + " or " + ON_PREMISES
                            + ": who says whether a user's password is right");
        }
        return new PasswordCheck(
                where.equals(ON_PREMISES),
                draft.passwords().triesMax().or(before.triesMax()),
                draft.passwords().pauseMinutes().map(Duration::ofMinutes).or(before.pause()));
    }

    /// Emergency access never depends on another directory: somebody must be able to come in while it is
    /// away. Call it
    /// when the choice stands in the store.
    ///
    /// @throws Rejected when every administrator would sign in on premises
    static void keepWayIn(Change change) {
        Stores stores = change.stores();
        boolean some = stores.roles().holders(change.tenant(), RoleStore.GLOBAL_ADMINISTRATOR).stream()
                .flatMap(holder -> LastAdministrator.user(stores, change.tenant(), holder).stream())
                .filter(User::accountEnabled)
                .anyMatch(user -> PasswordPlace.of(stores, user).isEmpty());
        if (!some) {
            throw Rejected.conflict("nobody could sign in as Global Administrator while the directory or its connectors"
                    + " are away; make a user who is kept here one first, with 'postern user create' and"
                    + " 'postern role assign'");
        }
    }

    /// @throws Rejected when the user's password is not kept here
    static void keep(Change change, User user) {
        if (PasswordPlace.of(change.stores(), user).isPresent()) {
            throw Rejected.invalid(
                    "passwordProfile.password", "'" + user.userPrincipalName() + "': " + PasswordPlace.REFUSAL);
        }
    }
}
