package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Outcome.Violation;
import io.postern.domain.directory.AppRole;
import io.postern.domain.publish.Application;
import io.postern.store.Assignment;
import io.postern.store.Assignment.PrincipalType;
import io.postern.store.ServicePrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The assignments of one kind of an application, from what is held to what a declaration says and back. Roles are
/// told by their values, people and groups by their names: each tenant has ids of its own for them.
///
/// @param change the transaction of the whole declaration
/// @param application with the roles that it has by now
/// @param field of the declaration
record DeclaredAssignments(
        Change change, Application application, ServicePrincipal principal, PrincipalType type, String field) {
    /// By name, then by role. Who holds nothing but Default Access, for always and without a reason, is a name alone.
    ///
    /// @param nameOf by id; empty for those that are no more
    static List<DeclaredAssignment> of(
            List<Assignment> held,
            PrincipalType type,
            Application application,
            Function<String, Optional<String>> nameOf) {
        Map<String, List<Assignment>> byPrincipal = held.stream()
                .filter(a -> a.principalType() == type)
                .collect(Collectors.groupingBy(Assignment::principal));
        return byPrincipal.entrySet().stream()
                .flatMap(one -> nameOf.apply(one.getKey()).stream()
                        .flatMap(name -> one.getValue().stream()
                                .map(a -> terms(a, application))
                                .map(terms -> one.getValue().size() == 1 && terms.equals(DeclaredAssignment.Terms.NONE)
                                        ? DeclaredAssignment.of(name)
                                        : new DeclaredAssignment(name, Optional.of(terms)))))
                .sorted(Comparator.comparing(DeclaredAssignment::name)
                        .thenComparing(a -> a.terms()
                                .flatMap(DeclaredAssignment.Terms::appRole)
                                .orElse("")))
                .toList();
    }

    private static DeclaredAssignment.Terms terms(Assignment held, Application application) {
        return new DeclaredAssignment.Terms(
                application.appRoles().stream()
                        .filter(role -> role.id().equals(held.appRoleId()))
                        .map(DeclaredAssignments::word)
                        .findFirst(),
                held.starts(),
                held.ends(),
                held.reason());
    }

    private static String word(AppRole role) {
        return role.value().orElse(role.displayName());
    }

    /// What is given is all there is: others of the same kind are taken away.
    ///
    /// @param idOf by name
    /// @return warnings
    List<String> bring(List<DeclaredAssignment> wanted, Function<String, Optional<String>> idOf) {
        var left = new ArrayList<>(change.stores().assignments().ofResource(change.tenant(), principal.id()).stream()
                .filter(a -> a.principalType() == type)
                .toList());
        var missing = new ArrayList<Runnable>();
        var warnings = new ArrayList<String>();
        var seen = new HashSet<String>();
        var named = new LinkedHashSet<String>();
        for (int i = 0; i < wanted.size(); i++) {
            String place = field + "[" + i + "]";
            DeclaredAssignment one = wanted.get(i);
            String id = idOf.apply(one.name())
                    .orElseThrow(() -> Rejected.invalid(
                            place,
                            "there is no " + type.name().toLowerCase(Locale.ROOT) + " '" + one.name()
                                    + "'; add it first, or leave the name out"));
            if (one.terms().isEmpty()) {
                named.add(id);
                continue;
            }
            DeclaredAssignment.Terms terms = one.terms().get();
            String role = role(place, terms);
            if (!seen.add(id + " " + role)) {
                throw Rejected.invalid(
                        place,
                        "'" + one.name() + "' is there twice as "
                                + terms.appRole().orElse("Default Access"));
            }
            named.remove(id);
            Optional<Assignment> held = left.stream()
                    .filter(a -> a.principal().equals(id) && a.appRoleId().equals(role))
                    .findFirst();
            if (held.isPresent()) {
                left.remove(held.get());
                missing.add(() -> at(place, () -> adjust(held.get(), terms)));
            } else if (terms.ends().filter(end -> !end.isAfter(change.now())).isPresent()) {
                warnings.add("'" + one.name() + "' is not assigned to '" + application.displayName()
                        + "': that ended at " + terms.ends().get());
            } else {
                var made = new Assignments.Wanted(id, role, terms.starts(), terms.ends(), terms.reason());
                missing.add(() -> at(place, () -> Assignments.assign(change, principal.id(), made)));
            }
        }
        for (String id : named) {
            if (!left.removeIf(a -> a.principal().equals(id)) && seen.stream().noneMatch(s -> s.startsWith(id + " "))) {
                missing.add(() -> Assignments.assign(change, principal.id(), Assignments.Wanted.always(id)));
            }
        }
        left.forEach(a -> Assignments.remove(change, principal.id(), a.id()));
        missing.forEach(Runnable::run);
        return warnings;
    }

    private Assignment adjust(Assignment held, DeclaredAssignment.Terms terms) {
        return Assignments.patch(
                change,
                principal.id(),
                held.id(),
                new Assignments.Patch(
                        new Edit<>(true, terms.starts()),
                        new Edit<>(true, terms.ends()),
                        new Edit<>(true, terms.reason())));
    }

    private String role(String place, DeclaredAssignment.Terms terms) {
        if (terms.appRole().isEmpty()) {
            return Assignment.DEFAULT_ACCESS;
        }
        String wanted = terms.appRole().get();
        return application.appRoles().stream()
                .filter(role -> word(role).equals(wanted))
                .map(AppRole::id)
                .findFirst()
                .orElseThrow(() -> Rejected.invalid(
                        place + ".appRole",
                        "'" + application.displayName() + "' has no app role '" + wanted + "'; its roles are "
                                + (application.appRoles().isEmpty()
                                        ? "none"
                                        : application.appRoles().stream()
                                                .map(DeclaredAssignments::word)
                                                .sorted()
                                                .collect(Collectors.joining(", ")))
                                + ", or leave appRole out"));
    }

    /// Faults at their place in the declaration.
    private static void at(String place, Runnable work) {
        try {
            work.run();
        } catch (Rejected e) {
            throw e.outcome() instanceof Outcome.Invalid<Object>(List<Violation> violations)
                    ? Rejected.invalid(violations.stream()
                            .map(v -> new Violation(place + "." + v.field(), v.message()))
                            .toList())
                    : e;
        }
    }
}
