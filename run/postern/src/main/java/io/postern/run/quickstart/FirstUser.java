package io.postern.run.quickstart;

import io.postern.base.Secret;
import io.postern.run.Passwords;
import io.postern.run.service.Service;
import io.postern.store.User;
import java.util.Optional;

/// The administrator whom a quickstart makes.
///
/// @param password empty once it was changed
record FirstUser(User user, Optional<String> password) {
    private static final String NAME = "b.simon@contoso.example";

    /// Makes the user where there is none; otherwise sees whether the password kept is still the right one.
    static FirstUser ensure(Service service, DataFolder data) {
        Optional<String> kept = data.password();
        Optional<User> known = service.store().read(s -> s.users().findByPrincipalName(NAME));
        if (known.isPresent()) {
            return new FirstUser(known.get(), stillRight(service, data, known.get(), kept));
        }
        String password = kept.orElseGet(Passwords::generate);
        data.keepPassword(password, ""); // first: a password that is in force but nowhere written would be lost
        User made = Answers.done(
                "making the first user",
                service.administration()
                        .bootstrap()
                        .ensureAdministrator(service.tenant(), NAME, "B. Simon", Secret.of(password)));
        data.keepPassword(password, made.passwordHash().orElse(""));
        return new FirstUser(made, Optional.of(password));
    }

    /// The stored hash is compared with the one seen last time: computing it anew takes 20 MiB and a tenth
    /// of a second of every start, and is needed only when it changed.
    private static Optional<String> stillRight(Service service, DataFolder data, User user, Optional<String> kept) {
        String stored = user.passwordHash().orElse("");
        if (kept.isPresent() && data.isPasswordOf(stored)) {
            return kept;
        }
        boolean right =
                kept.isPresent() && !stored.isEmpty() && service.hashes().verify(stored, Secret.of(kept.get()));
        if (!right) {
            data.forgetPassword();
            return Optional.empty();
        }
        data.keepPassword(kept.get(), stored);
        return kept;
    }
}
