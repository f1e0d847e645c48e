package io.postern.run.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern app create`: an application from a template of the gallery.
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Add an application from a template of the gallery; --ask asks what the template wants to know.")
final class AppCreateCommand extends TemplateOrder {
    @Option(
            names = "--template",
            required = true,
            paramLabel = "TEMPLATE",
            description = "Key or id, see 'postern gallery list'.")
    private String template = "";

    @Override
    String template() {
        return template;
    }
}
