package dev.tetra.tsm.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.Dependency;
import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServicePort;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.ports.PortSpec;
import dev.tetra.tsm.ports.Relation;
import dev.tetra.tsm.ports.ServiceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartOrderTest {
    @Test
    void aDependencyAndAParentComeFirstAndTheRestAtOnce() {
        ServiceSpec child = spec("child").with().parent("web").build();
        assertThat(names(spec("web", "db", "cache"), child, spec("db"), spec("cache"), spec("alone")))
                .containsExactly(List.of("db", "cache", "alone"), List.of("web"), List.of("child"));
    }

    @Test
    void namesFitWithAndWithoutTheirPort() {
        ServiceSpec db = spec("db").with().port(5432).build();
        assertThat(names(spec("web", "db-5432"), db)).containsExactly(List.of("db"), List.of("web"));
        assertThat(names(spec("web", "db-5433"), spec("db"))).containsExactly(List.of("db"), List.of("web"));
        ServiceSpec named = spec("db-5432").with().port(5432).build();
        assertThat(names(spec("web", "db"), named)).containsExactly(List.of("db-5432"), List.of("web"));
        ServiceSpec portless = spec("db").with().port(new PortSpec.None()).build();
        assertThatThrownBy(() -> names(spec("web", "db-5432"), portless))
                .isInstanceOf(ServiceException.class)
                .hasMessage("service web comes after db-5432, which no service here is called; add it, or take it out");
    }

    @Test
    void servicesThatAreThereMayComeFirst() {
        List<Service> present = List.of(service("db-5432"), service("web-8000", "gone"));
        List<List<ServiceSpec>> levels =
                StartOrder.starting(List.of(spec("api", "db"), spec("web", "api", "db-5432")), present);
        assertThat(levels)
                .extracting(level -> level.get(0).name().orElseThrow())
                .containsExactly("api", "web");
    }

    @Test
    void aSpecTakesThePlaceOfTheServiceThatItStandsFor() {
        List<Service> present = List.of(service("db-5432", "web"), service("web-8000", "db"));
        assertThat(StartOrder.starting(List.of(spec("db"), spec("web", "db")), present))
                .hasSize(2);
        assertThatThrownBy(() -> StartOrder.starting(List.of(spec("web", "db")), present))
                .hasMessage(
                        "services wait for each other in a circle: web → db-5432 → web; take one depends_on or parent of"
                                + " these out");
    }

    @Test
    void aNameThatSeveralHaveMeansAll() {
        List<Service> all = List.of(service("db-1"), service("db-2"), service("web", "db"));
        assertThat(StartOrder.stopping(all, all)).extracting(List::size).containsExactly(1, 2);
    }

    @Test
    void whatIsUnknownIsRefusedByItsNameWithTheNearest() {
        assertThatThrownBy(() -> names(spec("web", "dbb"), spec("db")))
                .isInstanceOf(ServiceException.class)
                .hasMessage("service web comes after dbb, which no service here is called; db?");
        assertThatThrownBy(() -> names(spec("web", "elsewhere")))
                .hasMessage(
                        "service web comes after elsewhere, which no service here is called; add it, or take it out");
        assertThatThrownBy(() -> names(spec("web"), spec("web"))).hasMessage("two services are called web; rename one");
    }

    @Test
    void aCircleIsNamedWhole() {
        assertThatThrownBy(() -> names(spec("x", "a"), spec("a", "b"), spec("b", "c"), spec("c", "a")))
                .isInstanceOf(ServiceException.class)
                .hasMessage(
                        "services wait for each other in a circle: a → b → c → a; take one depends_on or parent of these"
                                + " out");
        assertThatThrownBy(() -> names(spec("a", "a"))).hasMessageContaining(": a → a;");
    }

    @Test
    void aStopKeepsTheOrderThroughServicesThatGoOn() {
        Service db = service("db");
        Service api = service("api", "db");
        Service web = service("web", "api");
        assertThat(StartOrder.stopping(List.of(db, web), List.of(db, api, web)))
                .containsExactly(List.of(web), List.of(db));
    }

    @Test
    void aLongChainIsPutInOrder() {
        List<Service> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            all.add(i == 0 ? service("s0") : service("s" + i, "s" + (i - 1)));
        }
        List<List<Service>> levels = StartOrder.stopping(all, all);
        assertThat(levels).hasSize(5_000);
        assertThat(levels.get(0)).containsExactly(all.get(4_999));
    }

    private static List<List<String>> names(ServiceSpec... specs) {
        List<List<String>> names = new ArrayList<>();
        for (List<ServiceSpec> level : StartOrder.starting(List.of(specs), List.of())) {
            names.add(level.stream().map(spec -> spec.name().orElseThrow()).toList());
        }
        return names;
    }

    private static ServiceSpec spec(String name, String... first) {
        List<Dependency> dependencies = new ArrayList<>();
        for (String one : first) {
            dependencies.add(Dependency.parse(one));
        }
        return ServiceSpec.command("x").name(name).dependsOn(dependencies).build();
    }

    /** A service whose port is behind the last dash of its name, if that is a number. */
    static Service service(String name, String... first) {
        int dash = name.lastIndexOf('-');
        List<ServicePort> ports = dash < 0
                ? List.of()
                : List.of(new ServicePort(
                        Integer.parseInt(name.substring(dash + 1)), "tcp", "primary", Relation.BIND, Optional.empty()));
        Service.Launch launch = new Service.Launch(
                List.of("x"), Optional.empty(), ProcessType.COMMAND, ServiceType.PID, ports, List.of());
        return Service.of(0, name, "token", spec(name, first), launch).build();
    }
}
