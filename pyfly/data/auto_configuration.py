"""The application's ``Mapper``: one bean that knows what ``@mapping`` says on others."""

from pyfly.container.bean import bean
from pyfly.container.container import Container
from pyfly.context.conditions import auto_configuration, conditional_on_missing_bean
from pyfly.data.declared_mappings import MappingPostProcessor
from pyfly.data.mapper import Mapper
from pyfly.data.mapping_check import MappingCheck


@auto_configuration(checks=(MappingCheck,))
class MapperAutoConfiguration:
    """The mapper, where the application uses one."""

    @bean
    @conditional_on_missing_bean(Mapper)
    def mapper(self) -> Mapper:
        """Map by the names of fields, and as the application declares."""
        return Mapper()

    @bean
    def mapping_post_processor(self, container: Container) -> MappingPostProcessor:
        """Tell mappers what the application declares."""
        return MappingPostProcessor(container)
