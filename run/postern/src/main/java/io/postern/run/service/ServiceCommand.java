package io.postern.run.service;

import io.postern.base.config.ConfigReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern service`: the production process, told everything by one file.
@Command(
        name = "service",
        mixinStandardHelpOptions = true,
        description = "Run the service: gateway, identity provider, API and portal.")
public final class ServiceCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "Configuration, YAML; every key is in docs/operate/configure.md.")
    private Path config = Path.of("");

    @Override
    public Integer call() {
        ServiceConfig settings = ServiceConfig.read(ConfigReader.open(config));
        LogSetup.apply(settings.logFormat(), settings.logLevel());
        Rooms.runUntilStopped(
                rooms -> Service.start(settings, rooms, address -> {}).announce());
        return CommandLine.ExitCode.OK;
    }
}
