package io.postern.identity;

import io.postern.account.Invitations;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.domain.guest.ExternalName;
import io.postern.domain.guest.GuestAddress;
import io.postern.store.Guest;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A guest who was invited to contoso, as the administration leaves him there.
record Invited(LoginHost host, UserId id, String code) {
    static Invited to(LoginHost host, String address, Optional<String> language) {
        String code = Invitations.secret();
        Instant now = host.clock.instant();
        var user = new User(
                host.contoso.id(),
                UserId.random(),
                ExternalName.of(address, host.contoso.domain()),
                "Alice Partner",
                Optional.empty(),
                Optional.empty(),
                Optional.of(address),
                true,
                Optional.empty(),
                false,
                now,
                now,
                Invitations.pending(new Attributes(Map.of(Attributes.USER_TYPE, List.of(Attributes.GUEST))), now));
        host.store.write(s -> {
            s.users().insert(user);
            s.guests()
                    .insert(new Guest(
                            user.tenant(),
                            user.id(),
                            new GuestAddress(address),
                            "B. Simon",
                            "https://myapps.postern.localhost:8443/",
                            language,
                            now,
                            Optional.of(new Guest.Link(Invitations.hash(code), now.plus(Duration.ofDays(90)))),
                            Optional.empty(),
                            false));
            return user;
        });
        return new Invited(host, user.id(), code);
    }

    String link() {
        return "/contoso/invitation?code=" + code;
    }

    User user() {
        return host.store.read(s -> s.users().find(host.contoso.id(), id)).orElseThrow();
    }

    Guest guest() {
        return host.store.read(s -> s.guests().find(host.contoso.id(), id)).orElseThrow();
    }

    String state() {
        return user().attributes().first(Attributes.EXTERNAL_STATE).orElse("");
    }
}
