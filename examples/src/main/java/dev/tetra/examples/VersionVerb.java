package dev.tetra.examples;

/** {@code tsm version}. */
final class VersionVerb {
    private VersionVerb() {}

    static int run(Console console, boolean asJson) {
        String java = System.getProperty("java.version", "?");
        console.out()
                .line(
                        asJson
                                ? Json.text(json -> {
                                    json.writeStartObject();
                                    json.writeStringField("version", version());
                                    json.writeStringField("java", java);
                                    json.writeEndObject();
                                })
                                : "tsm " + version() + " (Java " + java + ")");
        return Failure.OK;
    }

    /** The version of the jar this runs from; {@code development} when it runs from classes. */
    static String version() {
        String version = VersionVerb.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
