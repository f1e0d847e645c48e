package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.base.Outcome;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.Attributes;
import io.postern.store.DuplicateKey;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Many users at once, by their names: who is not there is added, without a password; who is there is changed. All of
/// it in one transaction, or nothing, with every fault of every row.
public final class UserImport {
    public enum Act {
        ADD,
        CHANGE,
        KEEP
    }

    /// What becomes of one row.
    public record Step(Act act, User user) {}

    /// Ends the transaction of a plan.
    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient List<Step> steps;

        Planned(List<Step> steps) {
            super("planned", null, false, false); // expected: no stack trace
            this.steps = steps;
        }
    }

    private final Ledger ledger;
    private final Accounts accounts;

    public UserImport(Ledger ledger, Accounts accounts) {
        this.ledger = ledger;
        this.accounts = accounts;
    }

    /// @param wanted rows; those with passwords are refused
    /// @param planOnly nothing is done, and the steps tell what would be
    public Outcome<List<Step>> run(Actor actor, List<UserDraft> wanted, boolean planOnly) {
        try {
            return ledger.changeInTurn(actor, change -> {
                Tenant home = change.found(change.stores().tenants().find(change.tenant()), "tenant", change.tenant());
                var faults = new ArrayList<Outcome.Violation>();
                var names = new HashSet<String>();
                var steps = new ArrayList<Step>();
                for (int i = 0; i < wanted.size(); i++) {
                    row(change, home, wanted.get(i), "users[" + i + "].", names, steps, faults);
                }
                if (!faults.isEmpty()) {
                    throw Rejected.invalid(faults);
                }
                if (planOnly) {
                    throw new Planned(steps);
                }
                return List.copyOf(steps);
            });
        } catch (Planned planned) {
            return Outcome.done(List.copyOf(planned.steps));
        }
    }

    private void row(
            Change change,
            Tenant home,
            UserDraft draft,
            String prefix,
            Set<String> names,
            List<Step> steps,
            List<Outcome.Violation> faults) {
        String name = draft.userPrincipalName().or("");
        if (draft.password().given()) {
            faults.add(new Outcome.Violation(prefix + "passwordProfile", "an import sets no passwords"));
        } else if (name.isBlank()) {
            faults.add(new Outcome.Violation(prefix + "userPrincipalName", "userPrincipalName is missing"));
        } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
            faults.add(new Outcome.Violation(prefix + "userPrincipalName", "'" + name + "' stands here twice"));
        } else {
            try {
                steps.add(step(change, home, draft, name));
            } catch (Rejected rejected) {
                tell(rejected.outcome(), prefix, faults);
            } catch (DuplicateKey taken) {
                faults.add(new Outcome.Violation(prefix + taken.property(), String.valueOf(taken.getMessage())));
            }
        }
    }

    private Step step(Change change, Tenant home, UserDraft draft, String name) {
        Optional<User> known = change.stores().users().findByPrincipalName(name);
        if (known.filter(user -> user.tenant().equals(change.tenant())).isPresent()) {
            User old = known.get();
            User user = Users.changed(change, old, draft);
            if (user.equals(old)) {
                return new Step(Act.KEEP, old);
            }
            Authority.overUser(change, Action.USERS_WRITE, old);
            return new Step(Act.CHANGE, Users.write(change, old, user));
        }
        Attributes attributes = checked(change, draft);
        return switch (accounts.prepare(home, Users.account(draft, attributes))) {
            case Outcome.Done<Accounts.Prepared>(Accounts.Prepared prepared) ->
                new Step(Act.ADD, prepared.write(change.stores(), change.actor().account()));
            case Outcome.Invalid<Accounts.Prepared>(List<Outcome.Violation> violations) ->
                throw Rejected.invalid(violations);
            case Outcome.NotFound<Accounts.Prepared>(String what) -> throw Rejected.conflict(what);
            case Outcome.Conflict<Accounts.Prepared>(String why) -> throw Rejected.conflict(why);
            case Outcome.Forbidden<Accounts.Prepared>(String why) -> throw Rejected.forbidden(why);
        };
    }

    /// @throws Rejected with every fault of the row that has to do with its values
    private static Attributes checked(Change change, UserDraft draft) {
        var faults = new ArrayList<Outcome.Violation>();
        Users.lengths(draft, faults);
        Attributes attributes = Attributes.NONE;
        try {
            attributes = Users.attributes(change.stores(), change.tenant(), Attributes.NONE, draft);
        } catch (Rejected rejected) {
            tell(rejected.outcome(), "", faults);
        }
        if (!faults.isEmpty()) {
            throw Rejected.invalid(faults);
        }
        return attributes;
    }

    private static void tell(Outcome<Object> outcome, String prefix, List<Outcome.Violation> faults) {
        switch (outcome) {
            case Outcome.Invalid<Object>(List<Outcome.Violation> violations) ->
                violations.forEach(v -> faults.add(new Outcome.Violation(prefix + v.field(), v.message())));
            case Outcome.NotFound<Object>(String what) ->
                faults.add(new Outcome.Violation(prefix + "userPrincipalName", what));
            case Outcome.Conflict<Object>(String why) ->
                faults.add(new Outcome.Violation(prefix + "userPrincipalName", why));
            case Outcome.Forbidden<Object>(String why) ->
                faults.add(new Outcome.Violation(prefix + "userPrincipalName", why));
            case Outcome.Done<Object> _ -> throw new IllegalStateException("a rejection is never done");
        }
    }
}
