package io.postern.admin;

import io.helidon.webserver.http.HttpRouting;
import io.postern.account.Accounts;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.admin.audit.EventDrain;
import io.postern.admin.dns.NameService;
import io.postern.admin.enroll.ConnectDoor;
import io.postern.admin.graph.GraphApi;
import io.postern.admin.myapps.MyAppsPage;
import io.postern.admin.notice.Envelope;
import io.postern.admin.outbound.Couriers;
import io.postern.admin.outside.DocumentFetcher;
import io.postern.admin.outside.OutsideClient;
import io.postern.admin.publish.SnapshotPublisher;
import io.postern.admin.scim.ScimApi;
import io.postern.admin.service.AccessServices;
import io.postern.admin.service.Alerts;
import io.postern.admin.service.ApiTokens;
import io.postern.admin.service.AppCollections;
import io.postern.admin.service.ApplicationPasswordCalls;
import io.postern.admin.service.ApplicationPasswords;
import io.postern.admin.service.Applications;
import io.postern.admin.service.AssignmentWatch;
import io.postern.admin.service.Assignments;
import io.postern.admin.service.BackendSignOnTest;
import io.postern.admin.service.Bootstrap;
import io.postern.admin.service.CertificateOrders;
import io.postern.admin.service.CertificateWatch;
import io.postern.admin.service.Certificates;
import io.postern.admin.service.ClaimsMappings;
import io.postern.admin.service.Clients;
import io.postern.admin.service.ConnectorGroups;
import io.postern.admin.service.ConnectorQuestions;
import io.postern.admin.service.ConnectorTokens;
import io.postern.admin.service.ConnectorWatch;
import io.postern.admin.service.Connectors;
import io.postern.admin.service.Declarations;
import io.postern.admin.service.DesktopSignIns;
import io.postern.admin.service.Directory;
import io.postern.admin.service.Domains;
import io.postern.admin.service.Enrollment;
import io.postern.admin.service.ExchangeBook;
import io.postern.admin.service.ExchangeLookup;
import io.postern.admin.service.Gallery;
import io.postern.admin.service.Grants;
import io.postern.admin.service.GroupImport;
import io.postern.admin.service.GroupOwners;
import io.postern.admin.service.GroupWarnings;
import io.postern.admin.service.Groups;
import io.postern.admin.service.GuestServices;
import io.postern.admin.service.HeaderPreview;
import io.postern.admin.service.Health;
import io.postern.admin.service.HealthBook;
import io.postern.admin.service.IdentityClaims;
import io.postern.admin.service.IdentityProviders;
import io.postern.admin.service.IdentityTokenPreview;
import io.postern.admin.service.Ledger;
import io.postern.admin.service.LinkReports;
import io.postern.admin.service.Logos;
import io.postern.admin.service.Logs;
import io.postern.admin.service.MembershipServices;
import io.postern.admin.service.MembershipTrial;
import io.postern.admin.service.MembershipUpkeep;
import io.postern.admin.service.MetadataImport;
import io.postern.admin.service.NameCheck;
import io.postern.admin.service.Nestings;
import io.postern.admin.service.OutboundJobs;
import io.postern.admin.service.OwnPasswords;
import io.postern.admin.service.Owners;
import io.postern.admin.service.PasswordCalls;
import io.postern.admin.service.Preflight;
import io.postern.admin.service.Presence;
import io.postern.admin.service.Provisioning;
import io.postern.admin.service.PublishingRules;
import io.postern.admin.service.Refusals;
import io.postern.admin.service.Renewal;
import io.postern.admin.service.Reviews;
import io.postern.admin.service.RoleAssignments;
import io.postern.admin.service.ServicePrincipals;
import io.postern.admin.service.Services;
import io.postern.admin.service.SignOnServices;
import io.postern.admin.service.SignOnTest;
import io.postern.admin.service.SignOns;
import io.postern.admin.service.SigningCertificateWatch;
import io.postern.admin.service.SigningCertificates;
import io.postern.admin.service.Site;
import io.postern.admin.service.Steps;
import io.postern.admin.service.SyncSources;
import io.postern.admin.service.Synchronisation;
import io.postern.admin.service.TemplateShelf;
import io.postern.admin.service.TenantKeys;
import io.postern.admin.service.Tenants;
import io.postern.admin.service.Traces;
import io.postern.admin.service.Updates;
import io.postern.admin.service.UserImport;
import io.postern.admin.service.UserMethods;
import io.postern.admin.service.UserSessions;
import io.postern.admin.service.Users;
import io.postern.domain.OwnHost;
import io.postern.domain.event.EventSink;
import io.postern.domain.health.PathProber;
import io.postern.domain.links.LinkRecorder;
import io.postern.domain.snapshot.SnapshotSource;
import io.postern.pki.OperatorCertificates;
import io.postern.pki.Pki;
import io.postern.store.Store;
import io.postern.web.Pages;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/// The administration of one service process, wired. Order of a start: [#bootstrap()] what must exist,
/// then mount the doors, then hand [#snapshots()] and [#events()] to the gateway. Close it after the
/// gateway, before the store.
public final class Administration implements AutoCloseable {
    /// One call of an application that users are provisioned to.
    private static final Duration CALL_MAX = Duration.ofSeconds(20);

    private final SnapshotPublisher publisher;
    private final EventDrain drain;
    private final Services services;
    private final Bootstrap bootstrap;
    private final GraphApi api;
    private final ScimApi scim;
    private final ConnectDoor connect;
    private final MyAppsPage myApps;
    private final PasswordDesk passwords;
    private final Couriers couriers;

    private Administration(
            SnapshotPublisher publisher,
            EventDrain drain,
            Services services,
            Bootstrap bootstrap,
            GraphApi api,
            ScimApi scim,
            ConnectDoor connect,
            MyAppsPage myApps,
            PasswordDesk passwords,
            Couriers couriers) {
        this.publisher = publisher;
        this.drain = drain;
        this.services = services;
        this.bootstrap = bootstrap;
        this.api = api;
        this.scim = scim;
        this.connect = connect;
        this.myApps = myApps;
        this.passwords = passwords;
        this.couriers = couriers;
    }

    /// @param site the base domain and the port under which users reach the service
    /// @param node what people call this node of the service
    /// @param operator certificates that the operator configured
    /// @param outside what of the world is asked, and where
    /// @param prober the data plane's side of health; asked from when the doors are open
    /// @param links the data plane's side of dry runs; the same
    /// @param keys the identity provider's side of new tenants; asked when one is added
    /// @param identityClaims its side of previews; asked from when the doors are open
    /// @throws io.postern.store.StoreUnavailable when the first snapshot cannot be built
    public static Administration open(
            Site site,
            String node,
            Store store,
            Pki pki,
            OperatorCertificates operator,
            Accounts accounts,
            Pages pages,
            PathProber prober,
            OutsideSettings outside,
            LinkRecorder links,
            TenantKeys keys,
            IdentityClaims identityClaims,
            Clock clock) {
        var publisher = SnapshotPublisher.open(site, store, pki, operator, clock);
        var presence = new Presence();
        var book = new HealthBook();
        var exchanges = new ExchangeBook();
        var ledger = new Ledger(store, clock);
        var refusals = new Refusals(store, clock);
        var renewal = new Renewal(store, pki, refusals, clock);
        var warnings = new GroupWarnings(presence, clock);
        var rules = new PublishingRules(site, publisher::hasCertificate);
        var updates = new Updates(ledger);
        var names = new NameService(outside.dnsServer());
        var nameCheck = new NameCheck(ledger, site, names);
        var certificates = new Certificates(ledger, pki.serverCertificates());
        var applications = new Applications(ledger, rules, site, warnings, certificates, nameCheck);
        var traces = new Traces(ledger);
        var signing = new SigningCertificates(ledger, pki.samlSigningKeys());
        var signOns = new SignOns(ledger, signing, pki.pairwiseIds(), site.origin(OwnHost.LOGIN));
        var passwords = new PasswordDesk();
        var questions = new ConnectorQuestions(ledger);
        var services = new Services(
                applications,
                new Owners(ledger),
                new Declarations(ledger, applications, nameCheck, signOns),
                new Clients(ledger),
                new Grants(ledger, site),
                new Logos(ledger),
                new ServicePrincipals(ledger),
                new Assignments(ledger),
                new AssignmentWatch(ledger),
                new Steps(ledger),
                new Reviews(ledger),
                new Tenants(ledger, accounts, site, keys),
                new ApiTokens(ledger),
                new Users(ledger, accounts),
                new UserImport(ledger, accounts),
                new UserMethods(ledger, accounts.methods()),
                new Groups(ledger),
                new MembershipServices(
                        new MembershipUpkeep(ledger),
                        new MembershipTrial(ledger),
                        new Nestings(ledger),
                        new GroupOwners(ledger),
                        new GroupImport(ledger)),
                Provisioning.of(ledger, accounts),
                new OutboundJobs(ledger, pki.outboundSecrets(), site),
                AccessServices.of(ledger, site),
                GuestServices.of(ledger, site, new Envelope(pki.noticeSealer())),
                new AppCollections(ledger),
                new Connectors(ledger, presence, book, prober),
                new ConnectorWatch(ledger, presence, site),
                new Alerts(ledger, site),
                new ConnectorTokens(ledger, pki::connectorAuthority),
                new ConnectorGroups(ledger),
                questions,
                new Preflight(ledger, questions, site),
                new Health(node, ledger, presence, book, warnings, nameCheck, prober),
                new ExchangeLookup(node, ledger, exchanges),
                new LinkReports(node, ledger, links),
                traces,
                updates,
                new Domains(ledger, site, names),
                new IdentityProviders(ledger, pki.federationSecrets(), pki.samlSigningKeys()),
                nameCheck,
                certificates,
                new CertificateOrders(
                        ledger,
                        site,
                        certificates,
                        pki.serverCertificates(),
                        outside.acme(),
                        outside.acme().map(pki::acme),
                        publisher::catchUp),
                new CertificateWatch(ledger, certificates, site),
                new RoleAssignments(ledger),
                new SignOnServices(
                        signOns,
                        new ClaimsMappings(ledger),
                        signing,
                        new SigningCertificateWatch(ledger, site),
                        new MetadataImport(signOns),
                        new SignOnTest(ledger, signOns),
                        new BackendSignOnTest(ledger, questions),
                        new HeaderPreview(ledger, pki.pairwiseIds()),
                        new IdentityTokenPreview(ledger, identityClaims),
                        new Gallery(ledger, new TemplateShelf(outside.gallery()), applications, signOns, site)),
                new Directory(ledger),
                new ApplicationPasswords(ledger),
                new DesktopSignIns(ledger, pki.desktopSealer(), OwnHost.LOGIN.label() + "." + site.baseDomain()),
                new Logs(ledger),
                new UserSessions(ledger),
                new SyncSources(ledger, passwords),
                new Synchronisation(ledger, site));
        var couriers = new Couriers(
                store, services.outbound(), new OutsideClient(outside.tls(), outside.fetchInternal(), CALL_MAX), clock);
        return new Administration(
                publisher,
                EventDrain.open(presence, book, exchanges, traces, renewal, refusals, store, clock),
                services,
                new Bootstrap(store, site, accounts, clock),
                GraphApi.of(
                        services,
                        site,
                        store,
                        publisher,
                        new DocumentFetcher((SSLSocketFactory) SSLSocketFactory.getDefault(), outside.fetchInternal()),
                        couriers,
                        publisher::catchUp,
                        clock),
                new ScimApi(services.provisioning(), site.origin(OwnHost.API), publisher::catchUp),
                new ConnectDoor(
                        new Enrollment(store, pki, refusals, clock),
                        renewal,
                        updates,
                        services.synchronisation(),
                        new PasswordCalls(ledger, passwords),
                        new ApplicationPasswordCalls(
                                ledger, () -> publisher.current().revocations()),
                        questions,
                        publisher::catchUp),
                new MyAppsPage(store, site, services.access(), new OwnPasswords(ledger, clock), pages, clock),
                passwords,
                couriers);
    }

    public SnapshotSource snapshots() {
        return publisher;
    }

    /// Builds the snapshot anew, for a change that is none of the store: a renewed certificate.
    public void refresh() {
        publisher.refresh();
    }

    /// Returns when the snapshot in force shows what the store holds now (half a second at most).
    public void catchUp() {
        publisher.catchUp();
    }

    /// Why the data plane may work by an old configuration; empty while all is well. For readiness.
    public Optional<String> fault() {
        return publisher.fault();
    }

    public EventSink events() {
        return drain;
    }

    /// Events lost to full queues since the start, for metrics.
    public long droppedEvents() {
        return drain.dropped();
    }

    /// What the API does, for callers in this process.
    public Services services() {
        return services;
    }

    /// Where passwords are checked that are not kept here.
    public PasswordDesk passwords() {
        return passwords;
    }

    /// Begins to send to applications what waits for them; returns at once.
    public void provision() {
        couriers.begin();
    }

    Couriers couriers() {
        return couriers;
    }

    public Bootstrap bootstrap() {
        return bootstrap;
    }

    /// The API, on its own host, and SCIM beside it.
    public void mountApi(HttpRouting.Builder host) {
        scim.mount(host);
        api.mount(host);
    }

    /// The API's table, one `VERB /path` each.
    List<String> apiRoutes() {
        return api.table();
    }

    /// Enrolment and renewal, on the connectors' host.
    public void mountConnect(HttpRouting.Builder host) {
        connect.mount(host);
    }

    /// The page of tiles, on its own host.
    public void mountMyApps(HttpRouting.Builder host) {
        myApps.mount(host);
    }

    @Override
    public void close() {
        couriers.close();
        drain.close();
        publisher.close();
    }
}
