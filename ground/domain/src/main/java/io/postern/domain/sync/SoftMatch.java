package io.postern.domain.sync;

import io.postern.domain.UserId;
import java.util.List;
import java.util.Optional;

/// Whether an object that is new takes over a user who is here already. An administrator, a guest and a user of another
/// object are never taken over: whoever writes in that directory would be him.
public final class SoftMatch {
    /// A user who is here.
    ///
    /// @param synchronised belongs to an object of a directory already
    public record Candidate(
            UserId id, String userPrincipalName, boolean administrator, boolean guest, boolean synchronised) {}

    /// What to do with the object.
    public sealed interface Decision {
        /// A new user.
        record Create() implements Decision {}

        /// This one, from now on.
        record Link(UserId user) implements Decision {}

        /// Neither; the object waits until somebody has acted.
        record Refuse(SyncFault fault) implements Decision {}
    }

    private SoftMatch() {}

    /// @param byName who has the object's user name
    /// @param byMail who has its mail address, in case nobody has its name
    public static Decision decide(String name, Optional<Candidate> byName, List<Candidate> byMail, boolean allowed) {
        if (byName.isPresent()) {
            Candidate user = byName.get();
            return obstacle(user, allowed)
                    .<Decision>map(why -> new Decision.Refuse(new SyncFault(
                            "name-taken",
                            "a user named '" + name + "' is here already and " + why,
                            "give one of them another user name, or delete the one here")))
                    .orElseGet(() -> new Decision.Link(user.id()));
        }
        // an address is a weaker sign than a name: in doubt there are two people
        return byMail.size() == 1 && obstacle(byMail.getFirst(), allowed).isEmpty()
                ? new Decision.Link(byMail.getFirst().id())
                : new Decision.Create();
    }

    private static Optional<String> obstacle(Candidate user, boolean allowed) {
        if (user.synchronised()) {
            return Optional.of("belongs to another object");
        }
        if (user.administrator()) {
            return Optional.of("is an administrator, who is never taken over");
        }
        if (user.guest()) {
            return Optional.of("is a guest, who is never taken over");
        }
        return allowed ? Optional.empty() : Optional.of("soft match is off");
    }
}
