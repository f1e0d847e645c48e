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
        data.keepPassword(password); // first: a password that is in force but nowhere written would be lost
        User made = Answers.done(
                "making the first user",
                service.administration()
                        .bootstrap()
                        .ensureAdministrator(service.tenant(), NAME, "B. Simon", Secret.of(password)));
        return new FirstUser(made, Optional.of(password));
    }

    private static Optional<String> stillRight(Service service, DataFolder data, User user, Optional<String> kept) {
        boolean right = kept.isPresent()
                && user.passwordHash()
                        .map(hash -> service.hashes().verify(hash, Secret.of(kept.get())))
                        .orElse(false);
        if (!right) {
            data.forgetPassword();
        }
        return right ? kept : Optional.empty();
    }
}
