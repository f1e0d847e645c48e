package io.postern.connector.kerberos;

import io.postern.base.HostPort;
import io.postern.connector.directory.AccountSearch;
import io.postern.connector.directory.AccountSearch.Account;
import io.postern.connector.directory.DirectoryFault;
import io.postern.connector.kerberos.Delegated.Mechanism;
import io.postern.connector.kerberos.KerberosFault.Kind;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;

/// Walks through everything that a ticket for a user needs, one rung after the other, and stops at the first
/// that is broken, with the command that mends it. Uses nothing that the running connector keeps. Calls wait.
public final class KerberosCheck {
    private static final Duration KDC_LIMIT = Duration.ofSeconds(2);

    /// Its rungs in their order.
    private static final List<String> RUNGS = List.of(
            "keytab",
            "kdc",
            "login",
            "clock",
            "account",
            "transition",
            "own spn",
            "delegation",
            "spn",
            "user",
            "ticket");

    public enum State {
        PASSED,
        FAILED,
        SKIPPED
    }

    /// @param detail one sentence
    /// @param remedy what to do; empty unless it failed
    public record Step(String name, State state, String detail, String remedy) {}

    /// @param authorization what shows the user to the backend, once; empty unless all went well
    public record Walk(List<Step> steps, Optional<String> authorization) {
        public boolean failed() {
            return steps.stream().anyMatch(step -> step.state() == State.FAILED);
        }

        /// Holds a token.
        @Override
        public String toString() {
            return "a walk of " + steps.size() + " steps";
        }
    }

    /// A rung is broken.
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String remedy;

        Broken(String detail, String remedy) {
            super(detail, null, false, false);
            this.remedy = remedy;
        }
    }

    private final KerberosSettings settings;
    private final KerberosConfiguration configuration;
    private final FaultReading faults;
    private final List<Step> steps = new ArrayList<>();
    private String rung = RUNGS.getFirst();

    private KerberosCheck(KerberosSettings settings) {
        this.settings = settings;
        this.configuration = KerberosConfiguration.install(settings);
        this.faults = new FaultReading(settings);
    }

    /// @param user as the service names him, or his account's name
    /// @param spn of the backend
    /// @param bare a bare Kerberos token, not SPNEGO
    public static Walk walk(KerberosSettings settings, String user, String spn, boolean bare)
            throws InterruptedException {
        try {
            var check = new KerberosCheck(settings);
            Optional<String> field = check.climb(user, spn, bare);
            return new Walk(List.copyOf(check.steps), field);
        } catch (KerberosFault e) { // no configuration at all
            return new Walk(List.of(new Step("krb5-conf", State.FAILED, e.message(), e.remedy())), Optional.empty());
        }
    }

    private Optional<String> climb(String user, String spn, boolean bare) throws InterruptedException {
        Optional<AccountSearch> directory = settings.ldap().map(AccountSearch::new);
        try (var accounts = new Accounts(configuration, directory)) {
            ServicePrincipal service = ServicePrincipal.of(spn);
            if (!settings.allow().isEmpty() && settings.allow().stream().noneMatch(service::matches)) {
                throw new KerberosFault(
                        Kind.SPN_NOT_ALLOWED,
                        "this connector's own file does not let tickets be got for '" + service + "'",
                        "add it to 'kerberos.allow' in connector.yaml");
            }
            keytab();
            kdc();
            Subject connector = login();
            directory.ifPresentOrElse(search -> account(search, service), this::noDirectory);
            String account = user(accounts, directory, user);
            return Optional.of(ticket(accounts, connector, account, service, bare));
        } catch (Broken e) {
            broken(rung, String.valueOf(e.getMessage()), e.remedy);
        } catch (KerberosFault e) {
            broken(rung(e.kind()), e.message() + " (event " + e.kind().event() + ")", e.remedy());
        } catch (DirectoryFault e) {
            broken(rung, e.message(), e.remedy());
        }
        return Optional.empty();
    }

    /// The one that a fault belongs to, whoever met it.
    private String rung(Kind kind) {
        return switch (kind) {
            case CLOCK -> "clock";
            case KEYTAB, KEYTAB_OLD -> "keytab";
            case NO_KDC, KDC_UNREACHABLE, KDC_SILENT -> "kdc";
            case NO_TRANSITION -> "transition";
            case CONNECTOR_WITHOUT_SPN -> "own spn";
            case SPN_NOT_LISTED, SPN_NOT_ALLOWED -> "delegation";
            case SPN_UNKNOWN, SPN_MALFORMED -> "spn";
            case NO_IDENTITY,
                    USER_REALM,
                    USER_UNKNOWN,
                    USER_ABROAD,
                    USER_AMBIGUOUS,
                    USER_DISABLED,
                    USER_EXPIRED,
                    PASSWORD_EXPIRED,
                    USER_SENSITIVE -> "user";
            case PRINCIPAL -> "login";
            case NOT_FORWARDABLE, ENCRYPTION, DIRECTORY, DIRECTORY_UNREACHABLE, BUSY, OTHER -> rung;
        };
    }

    /// What lies above the broken rung was not reached.
    private void broken(String name, String detail, String remedy) {
        steps.removeIf(step -> step.name().equals(name));
        steps.add(new Step(name, State.FAILED, detail, remedy));
        int at = RUNGS.indexOf(name);
        RUNGS.stream()
                .skip(at + 1L)
                .filter(above -> steps.stream().noneMatch(step -> step.name().equals(above)))
                .forEach(above -> steps.add(new Step(above, State.SKIPPED, "not reached", "")));
    }

    private void begin(String name) {
        rung = name;
    }

    private void passed(String detail) {
        steps.add(new Step(rung, State.PASSED, detail, ""));
    }

    private void keytab() {
        begin("keytab");
        try {
            KerberosSettings.check(settings.keytab());
        } catch (IllegalArgumentException e) {
            throw new Broken(String.valueOf(e.getMessage()), export());
        }
        var principal = new KerberosPrincipal(settings.principal());
        int keys = KeyTab.getInstance(principal, settings.keytab().toFile()).getKeys(principal).length;
        if (keys == 0) {
            throw new Broken(settings.keytab() + " holds no key of '" + principal + "'", export());
        }
        passed(settings.keytab() + " holds " + keys + (keys == 1 ? " key of '" : " keys of '") + principal + "'");
    }

    private String export() {
        return "samba-tool domain exportkeytab " + settings.keytab() + " --principal=" + ownName()
                + "; Windows: ktpass -princ " + settings.principal() + " -mapuser "
                + (ownName().contains("/") ? "ACCOUNT" : ownName())
                + " -crypto AES256-SHA1 -ptype KRB5_NT_PRINCIPAL -pass * -out connector.keytab";
    }

    private void kdc() {
        begin("kdc");
        String realm = configuration.defaultRealm();
        List<HostPort> addresses;
        try {
            addresses = KdcAddresses.of(settings.krb5Conf(), realm);
        } catch (IOException e) {
            throw new Broken(settings.krb5Conf() + " cannot be read", "name the file in 'kerberos.krb5-conf'");
        }
        if (addresses.isEmpty()) {
            steps.add(new Step(rung, State.SKIPPED, "DNS is asked for the KDCs of " + realm, ""));
            return;
        }
        List<HostPort> silent = addresses.stream().filter(at -> !isThere(at)).toList();
        if (silent.size() == addresses.size()) {
            throw new Broken(
                    "no KDC of " + realm + " is there: " + addresses + " take no connection",
                    "start one, or let this machine reach it: TCP port 88, nc -vz "
                            + addresses.getFirst().host() + " "
                            + addresses.getFirst().port());
        }
        passed("KDCs of " + realm + " are there: " + addresses
                + (silent.isEmpty() ? "" : "; not there: " + silent + ", which costs time"));
    }

    private static boolean isThere(HostPort at) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(at.host(), at.port()), (int) KDC_LIMIT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Subject login() throws InterruptedException {
        begin("login");
        var metrics = new KerberosMetrics(new PrometheusRegistry());
        Subject subject = new ConnectorLogin(settings, faults, metrics, InstantSource.system()).subject();
        passed("'" + settings.principal() + "' signs in");
        begin("clock");
        passed("the KDC takes this machine's time: they differ by less than five minutes");
        return subject;
    }

    private void noDirectory() {
        for (String name : List.of("account", "transition", "own spn", "delegation", "spn")) {
            steps.add(new Step(name, State.SKIPPED, "'kerberos.ldap' is not set, so nobody can look", ""));
        }
    }

    private String ownName() {
        int at = settings.principal().indexOf('@');
        return at < 0 ? settings.principal() : settings.principal().substring(0, at);
    }

    private void account(AccountSearch directory, ServicePrincipal service) {
        begin("account");
        Account own = Accounts.connector(directory, settings.principal(), settings.deadline())
                .orElseThrow(() -> new Broken(
                        "the directory shows no account '" + ownName() + "'",
                        "let the account of 'kerberos.ldap.bind-dn' read it"));
        passed("the directory has '" + own.name() + "' in " + own.domain());
        begin("transition");
        if (!own.mayChangeProtocol()) {
            throw new Broken(
                    "'" + own.name() + "' may not act for users who did not sign in by Kerberos",
                    "Set-ADAccountControl " + own.name() + " -TrustedToAuthForDelegation $true; Samba: samba-tool"
                            + " delegation for-any-protocol " + own.name() + " on");
        }
        passed("'" + own.name() + "' may use any authentication protocol");
        begin("own spn");
        if (own.services().isEmpty()) {
            throw new Broken(
                    "'" + own.name() + "' has no service principal name of its own",
                    "setspn -S postern/THIS-HOST " + own.name() + "; Samba: samba-tool spn add postern/THIS-HOST "
                            + own.name());
        }
        passed("'" + own.name() + "' is " + own.services().getFirst());
        begin("delegation");
        if (own.delegatesTo().stream().noneMatch(service.name()::equalsIgnoreCase)) {
            throw new Broken(
                    "'" + service.name() + "' is not in the delegation list of '" + own.name() + "', which has "
                            + own.delegatesTo(),
                    "Set-ADUser " + own.name() + " -Add @{'msDS-AllowedToDelegateTo'='" + service.name()
                            + "'}; Samba: samba-tool delegation add-service " + own.name() + " " + service.name());
        }
        passed("'" + own.name() + "' may delegate to '" + service.name() + "'");
        begin("spn");
        List<Account> owners = directory.byServicePrincipal(service.name(), settings.deadline());
        if (owners.size() != 1) { // KCD-8
            throw new Broken(
                    owners.isEmpty()
                            ? "no account has the service principal name '" + service.name() + "'"
                            : owners.size() + " accounts have the service principal name '" + service.name() + "': "
                                    + owners.stream().map(Account::name).toList(),
                    owners.isEmpty()
                            ? "setspn -S " + service.name() + " SERVICE-ACCOUNT; Samba: samba-tool spn add "
                                    + service.name() + " SERVICE-ACCOUNT"
                            : "take it from all but one: setspn -D " + service.name()
                                    + " ACCOUNT; Samba: samba-tool spn delete " + service.name() + " ACCOUNT");
        }
        passed("'" + service.name() + "' belongs to '" + owners.getFirst().name() + "' alone");
    }

    private String user(Accounts accounts, Optional<AccountSearch> directory, String user) {
        begin("user");
        String account = accounts.of(user, settings.deadline());
        String name = account.substring(0, account.lastIndexOf('@'));
        if (directory.isEmpty()) {
            passed("'" + user + "' is taken for the account " + account + "; nobody has looked");
            return account;
        }
        String realm = account.substring(name.length() + 1);
        Optional<Account> found = directory.get().byAccountName(name, settings.deadline()).stream()
                .filter(one -> one.domain().equalsIgnoreCase(realm))
                .findFirst();
        if (found.isEmpty() && !realm.equals(configuration.defaultRealm())) {
            passed("'" + user + "' is taken for the account " + account
                    + "; this directory has no others than its own");
            return account;
        }
        Account one = found.orElseThrow(() -> new Broken(
                "the directory shows no account '" + account + "'",
                "check the application's login identity, and what the account of 'kerberos.ldap.bind-dn' may see"));
        if (one.isDisabled()) {
            throw new Broken(
                    "the account '" + account + "' is disabled",
                    "Enable-ADAccount " + name + "; Samba: samba-tool user enable " + name);
        }
        if (one.isSensitive()) {
            throw new Broken(
                    "the account '" + account + "' is sensitive and cannot be delegated, or in Protected Users",
                    "that is a protection; to take it away: Set-ADUser " + name
                            + " -AccountNotDelegated $false; Samba: samba-tool user sensitive " + name + " off");
        }
        passed("'" + user + "' is the account " + account);
        return account;
    }

    private String ticket(
            Accounts accounts, Subject connector, String account, ServicePrincipal service, boolean bare) {
        begin("ticket");
        String name = service.name() + "@" + configuration.realmOf(service);
        try {
            Delegated delegated = Delegated.get(connector, account, name, faults);
            String field = delegated
                    .token(bare ? Mechanism.BARE : Mechanism.NEGOTIATED, false, faults)
                    .field();
            passed("'" + account + "' has a ticket for '" + service.name() + "' until " + delegated.until());
            return field;
        } catch (KerberosFault e) {
            throw accounts.explained(e, account, settings.principal(), settings.deadline());
        }
    }
}
