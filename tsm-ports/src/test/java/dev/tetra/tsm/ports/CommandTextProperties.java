package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CommandTextProperties {

    @Property
    void anyWordsAreReadWithoutFailingAndNameOnlyPorts(@ForAll("commands") List<String> command) {
        CommandText text = CommandText.of(PortRequest.of("web", command));
        text.port().ifPresent(port -> assertThat(port).isBetween(1, 65535));
    }

    @Property
    void anyPortIsFoundBehindItsOption(@ForAll int number) {
        CommandText text = CommandText.of(PortRequest.of("web", List.of("server", "--port", Integer.toString(number))));
        boolean port = number >= 1 && number <= 65535;
        assertThat(text.port().isPresent()).isEqualTo(port);
        assertThat(text.names()).isTrue();
    }

    @Provide
    Arbitrary<List<String>> commands() {
        Arbitrary<String> telling = Arbitraries.of(
                "env",
                "PORT=",
                "PORT=80",
                "=",
                "-",
                "--",
                "-p",
                "-p=",
                "--port",
                "--port=",
                "=--port=1",
                ":",
                ":80",
                "::80",
                "[::]:1",
                "-c",
                "bash",
                "sh",
                "node",
                "python3",
                "-m",
                "http.server",
                "runserver",
                "x.js",
                "",
                "0",
                "1",
                "65535",
                "65536",
                "--bind",
                "--bind=",
                "http://",
                "://:/",
                "--urls",
                "'",
                "$PORT",
                "{port}");
        return Arbitraries.oneOf(telling, telling, Arbitraries.strings())
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }
}
