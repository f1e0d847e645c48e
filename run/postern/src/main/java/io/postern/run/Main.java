package io.postern.run;

import io.postern.run.cli.AppCommand;
import io.postern.run.cli.ApplyCommand;
import io.postern.run.cli.AuditCommand;
import io.postern.run.cli.CertificateCommand;
import io.postern.run.cli.ConnectorCommand;
import io.postern.run.cli.DomainCommand;
import io.postern.run.cli.ExchangeCommand;
import io.postern.run.cli.ExportCommand;
import io.postern.run.cli.FederationCommand;
import io.postern.run.cli.GalleryCommand;
import io.postern.run.cli.GroupCommand;
import io.postern.run.cli.GuestCommand;
import io.postern.run.cli.InventoryCommand;
import io.postern.run.cli.ReviewCommand;
import io.postern.run.cli.RoleCommand;
import io.postern.run.cli.ScimCommand;
import io.postern.run.cli.SessionCommand;
import io.postern.run.cli.SyncCommand;
import io.postern.run.cli.TenantCommand;
import io.postern.run.cli.UpdateCommand;
import io.postern.run.cli.UserCommand;
import io.postern.run.quickstart.QuickstartCommand;
import io.postern.run.service.ServiceCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The root of the command line. Exit codes: 0 done, 1 could not be done, 2 the command line is wrong.
@Command(
        name = "postern",
        mixinStandardHelpOptions = true,
        version = "postern " + Version.NUMBER,
        description = "An open, self-hosted application proxy.",
        footer = {"", "On a connector's machine also: postern updater, postern release (each with --help)."},
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QuickstartCommand.class,
            ServiceCommand.class,
            ConnectorCommand.class,
            ExchangeCommand.class,
            AppCommand.class,
            ApplyCommand.class,
            ExportCommand.class,
            InventoryCommand.class,
            UserCommand.class,
            GroupCommand.class,
            GuestCommand.class,
            ScimCommand.class,
            SessionCommand.class,
            AuditCommand.class,
            RoleCommand.class,
            ReviewCommand.class,
            SyncCommand.class,
            TenantCommand.class,
            DomainCommand.class,
            FederationCommand.class,
            CertificateCommand.class,
            GalleryCommand.class,
            UpdateCommand.class
        })
public final class Main implements Runnable {
    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args)); // also when a room left a thread behind: a failed start must end
    }

    /// The command line with our manners in failure: never a stack trace, always a way on.
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Complaints::aboutCommandLine)
                .setExecutionExceptionHandler(Complaints::aboutFailure);
    }

    @Override
    public void run() {
        commandLine().usage(System.out);
    }
}
