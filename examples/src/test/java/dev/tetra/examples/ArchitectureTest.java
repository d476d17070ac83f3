package dev.tetra.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;

/** The picture in docs/ARCHITECTURE.md and the rules of the house, held. */
@AnalyzeClasses(packages = "dev.tetra", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] JDK = {
        "java..", "javax.crypto..", "javax.net.ssl..", "jdk.net..", "org.jspecify.annotations.."
    };
    private static final List<String> MODULES = List.of(
            "dev.tetra.tsm.ports",
            "dev.tetra.tsm.ipc",
            "dev.tetra.tsm.core",
            "dev.tetra.quasar.protocol",
            "dev.tetra.quasar.server");

    @ArchTest
    static final ArchRule ports_depends_on_nothing = module("dev.tetra.tsm.ports..");

    @ArchTest
    static final ArchRule ipc_depends_on_its_transports_only =
            module("dev.tetra.tsm.ipc..", "jnr..", "com.pty4j..", "io.netty..");

    @ArchTest
    static final ArchRule core_depends_on_ports_and_ipc_and_jackson = module(
            "dev.tetra.tsm.core..",
            "dev.tetra.tsm.ports..",
            "dev.tetra.tsm.ipc..",
            "com.fasterxml.jackson.core..",
            "com.sun.net.httpserver..",
            "io.prometheus.metrics..",
            "org.snakeyaml.engine..");

    @ArchTest
    static final ArchRule one_class_touches_the_library_for_metrics = noClasses()
            .that()
            .doNotHaveSimpleName("MetricsText")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.prometheus..");

    @ArchTest
    static final ArchRule one_class_alone_needs_the_yaml_library = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.tetra.tsm.core.internal.file.YamlTree")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.snakeyaml..")
            .because("it is optional, and no hot path loads it");

    @ArchTest
    static final ArchRule protocol_depends_on_no_network =
            module("dev.tetra.quasar.protocol..", "com.fasterxml.jackson.core..", "com.illposed.osc..");

    @ArchTest
    static final ArchRule the_hub_knows_no_supervision = module(
            "dev.tetra.quasar.server..",
            "dev.tetra.quasar.protocol..",
            "dev.tetra.tsm.ipc..",
            "com.fasterxml.jackson.core..",
            "io.netty..");

    @ArchTest
    static final ArchRule nothing_depends_on_the_examples = noClasses()
            .that()
            .resideOutsideOfPackages("dev.tetra.examples..", "dev.tetra.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.tetra.examples..");

    @ArchTest
    static final ArchRule internal_packages_are_their_modules_own = classes()
            .should(new ArchCondition<>("touch no internal package of another module") {
                @Override
                public void check(JavaClass from, ConditionEvents events) {
                    for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                        JavaClass to = dependency.getTargetClass();
                        if (isInternal(to) && !moduleOf(to).equals(moduleOf(from))) {
                            events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
                        }
                    }
                }
            });

    @ArchTest
    static final ArchRule public_signatures_are_ours_or_the_jdks = classes()
            .that(areApi())
            .should(new ArchCondition<>("show types of the JDK and of API packages only") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    for (JavaCodeUnit unit : type.getCodeUnits()) {
                        if (isVisible(unit.getModifiers())) {
                            check(unit.getFullName(), unit.getRawReturnType(), events, type);
                            unit.getRawParameterTypes()
                                    .forEach(shown -> check(unit.getFullName(), shown, events, type));
                            unit.getExceptionTypes().forEach(shown -> check(unit.getFullName(), shown, events, type));
                        }
                    }
                    for (JavaField field : type.getFields()) {
                        if (isVisible(field.getModifiers())) {
                            check(field.getFullName(), field.getRawType(), events, type);
                        }
                    }
                    type.getAllRawSuperclasses().forEach(shown -> check(type.getName(), shown, events, type));
                    type.getAllRawInterfaces().forEach(shown -> check(type.getName(), shown, events, type));
                }

                private void check(String where, JavaClass shown, ConditionEvents events, JavaClass type) {
                    JavaClass base = shown.getBaseComponentType();
                    boolean fine = base.isPrimitive()
                            || base.getPackageName().startsWith("java.")
                            || (base.getPackageName().startsWith("dev.tetra.") && !isInternal(base));
                    if (!fine) {
                        events.add(SimpleConditionEvent.violated(type, where + " shows " + base.getName()));
                    }
                }
            });

    @ArchTest
    static final ArchRule public_concrete_classes_are_final = classes()
            .that(areApi())
            .should(new ArchCondition<>("be final, sealed, abstract, a record or an enum") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean closed = type.isInterface()
                            || type.isEnum()
                            || type.isRecord()
                            || type.getModifiers().contains(JavaModifier.FINAL)
                            || type.getModifiers().contains(JavaModifier.ABSTRACT)
                            || type.reflect().isSealed();
                    if (!closed) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " can be extended"));
                    }
                }
            });

    @ArchTest
    static final ArchRule nobody_sleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .because("waiting is for something");

    @ArchTest
    static final ArchRule libraries_take_paths_and_values = noClasses()
            .that()
            .resideOutsideOfPackages("dev.tetra.examples..", "dev.tetra.benchmarks..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class, String.class)
            .because("only examples reads the environment, properties and user.home");

    @ArchTest
    static final ArchRule nobody_prints_but_the_examples = noClasses()
            .that()
            .resideOutsideOfPackages("dev.tetra.examples..", "dev.tetra.benchmarks..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule only_the_screen_knows_the_terminal_library = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.tetra.examples.monit.Screen")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jline..");

    @ArchTest
    static final ArchRule no_other_verb_loads_the_live_view = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tetra.examples.monit..")
            .and()
            .haveNameNotMatching("dev\\.tetra\\.examples\\.MonitVerb(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.tetra.examples.monit..");

    @ArchTest
    static final ArchRule packages_are_named_after_their_module = classes()
            .should()
            .resideInAnyPackage(
                    "dev.tetra.tsm.ports..",
                    "dev.tetra.tsm.ipc..",
                    "dev.tetra.tsm.core..",
                    "dev.tetra.quasar.protocol..",
                    "dev.tetra.quasar.server..",
                    "dev.tetra.examples..",
                    "dev.tetra.benchmarks..");

    @ArchTest
    static final ArchRule no_package_is_a_drawer = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..manager..");

    private static ArchRule module(String packages, String... others) {
        String[] allowed = new String[JDK.length + others.length + 1];
        System.arraycopy(JDK, 0, allowed, 0, JDK.length);
        System.arraycopy(others, 0, allowed, JDK.length, others.length);
        allowed[allowed.length - 1] = packages;
        return classes()
                .that()
                .resideInAPackage(packages)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> areApi() {
        return new DescribedPredicate<>("are public and in an API package") {
            @Override
            public boolean test(JavaClass type) {
                return !moduleOf(type).isEmpty()
                        && !isInternal(type)
                        && !type.getSimpleName().equals("package-info")
                        && isPublic(type);
            }
        };
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    private static boolean isInternal(JavaClass type) {
        return (type.getPackageName() + ".").contains(".internal.");
    }

    private static String moduleOf(JavaClass type) {
        for (String module : MODULES) {
            if ((type.getPackageName() + ".").startsWith(module + ".")) {
                return module;
            }
        }
        return "";
    }
}
