package io.postern.run.quickstart;

import io.postern.admin.service.Actor;
import io.postern.admin.service.Applications;
import io.postern.admin.service.Assignments;
import io.postern.admin.service.Edit;
import io.postern.admin.service.PublishingDraft;
import io.postern.admin.service.Services;
import io.postern.base.Outcome;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.run.service.Service;
import io.postern.store.ServicePrincipal;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The published applications of a quickstart: what was asked for now, and what earlier starts or other
/// commands have published.
final class Catalogue {
    private final Service service;
    private final Services services;
    private final Actor actor;
    private final User user;
    private final List<String> wanted = new ArrayList<>(); // names, in the order of the command line

    Catalogue(Service service, User user) {
        this.service = service;
        this.services = service.administration().services();
        this.actor = Actor.service(service.tenant().id());
        this.user = user;
    }

    /// Publishes under this name, or moves what is published under it to the internal URL; the user may
    /// use it afterwards.
    ///
    /// @param warn whether doubts about the URL are told
    void publish(WantedApp app, boolean warn) {
        wanted.add(app.name());
        String url = app.internalUrl().toString();
        Optional<Application> known = published().stream()
                .filter(a -> a.displayName().equalsIgnoreCase(app.name()))
                .findFirst();
        PublishingDraft draft = PublishingDraft.of(url, Edit.none());
        Application application;
        if (known.isPresent() && publishing(known.get()).internalUrl().equals(app.internalUrl())) {
            application = known.get();
        } else {
            Outcome<Applications.Created> outcome = known.isPresent()
                    ? services.applications().publish(actor, known.get().id(), Optional.of(draft))
                    : services.applications().create(actor, Applications.Draft.of(app.name(), Optional.of(draft)));
            Applications.Created created = Answers.done("publishing '" + app.name() + "'", outcome);
            if (warn) {
                created.warnings().forEach(w -> System.err.println("postern: warning: " + w));
            }
            application = created.application();
        }
        assign(application);
    }

    /// True when a tunnel can carry requests for every published application.
    boolean isRouted() {
        return relevant().stream().allMatch(a -> service.gateway().isRouted(a.appId()));
    }

    String enrolmentToken() {
        return Answers.done(
                        "minting the connector's token",
                        services.connectorTokens().mint(actor, Optional.empty()))
                .token()
                .reveal();
    }

    /// Wanted applications first, in the order of the command line, then the others by name.
    ///
    /// @param demo whether the demo runs; else it is left out even if an earlier start has published it
    List<ReadyReport.App> report(boolean demo) {
        return relevant().stream()
                .filter(a -> demo || !a.displayName().equals(Quickstart.DEMO))
                .sorted(Comparator.comparingInt(this::rank).thenComparing(Application::displayName))
                .map(a -> new ReadyReport.App(
                        a.displayName(),
                        publishing(a).internalUrl().toString(),
                        publishing(a).externalUrl().at(service.publicPort())))
                .toList();
    }

    private int rank(Application application) {
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.get(i).equalsIgnoreCase(application.displayName())) {
                return i;
            }
        }
        return wanted.size();
    }

    private List<Application> published() {
        return services.applications().list(service.tenant().id()).stream()
                .filter(a -> a.publishing().isPresent() && !a.system())
                .toList();
    }

    /// What the built-in connector serves: it is in the Default group.
    private List<Application> relevant() {
        return published().stream().filter(this::isInDefaultGroup).toList();
    }

    private boolean isInDefaultGroup(Application application) {
        return application.group().isEmpty()
                || application
                        .group()
                        .get()
                        .equals(service.store()
                                .read(s -> s.connectorGroups()
                                        .defaultGroup(service.tenant().id()))
                                .id());
    }

    private static Publishing publishing(Application application) {
        return application.publishing().orElseThrow();
    }

    private void assign(Application application) {
        ServicePrincipalId resource = service.store()
                .read(s -> s.servicePrincipals().findByAppId(service.tenant().id(), application.appId()))
                .map(ServicePrincipal::id)
                .orElseThrow(() -> new IllegalStateException("no service principal of " + application.appId()));
        boolean assigned = service.store()
                .read(s -> s
                        .assignments()
                        .ofPrincipal(service.tenant().id(), user.id().value())
                        .stream()
                        .anyMatch(a -> a.resource().equals(resource)));
        if (!assigned) {
            Answers.done(
                    "assigning " + user.userPrincipalName() + " to '" + application.displayName() + "'",
                    services.assignments()
                            .assign(
                                    actor,
                                    resource,
                                    Assignments.Wanted.always(user.id().value())));
        }
    }
}
