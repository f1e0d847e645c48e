package io.postern.run.connector;

import picocli.CommandLine.IVersionProvider;

/// The version of this build, as its jar says: two builds of the same sources may differ in nothing else.
public final class ProgramVersion implements IVersionProvider {
    /// MAJOR.MINOR.PATCH; a snapshot is called by what it will be.
    public static final String TEXT = text();

    ProgramVersion() {}

    @Override
    public String[] getVersion() {
        return new String[] {"postern connector " + TEXT};
    }

    private static String text() {
        String said = ProgramVersion.class.getPackage().getImplementationVersion();
        return said == null ? "0.0.0" : said.replace("-SNAPSHOT", ""); // no jar: started from a build folder
    }
}
