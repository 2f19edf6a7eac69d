from pyfly.data.relational.properties import DataProperties, DataSourceProperties


def test_passwords_in_addresses_are_not_shown() -> None:
    url = "postgresql://ann:hunter2@db/shop?sslpassword=hunter2"
    said = repr(DataProperties(url=url, datasources={"copy": DataSourceProperties(url=url)}))
    assert "hunter2" not in said
    assert "postgresql://ann:******@db/shop" in said
    assert DataProperties(url=url).url == url
