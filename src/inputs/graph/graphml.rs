//! A graph in GraphML (Brandes, Eiglsperger, Herman, Himsolt, Marshall, "GraphML Progress Report", Graph Drawing 2001).
//!
//! ```xml
//! <graphml>
//!   <key id="d0" for="edge" attr.name="latency" attr.type="string"/>
//!   <graph edgedefault="undirected">
//!     <node id="a"/>
//!     <node id="b"/>
//!     <edge source="a" target="b"><data key="d0">2738 us</data></edge>
//!   </graph>
//! </graphml>
//! ```
//!
//! What a programme adds in a namespace of its own is passed over. A text may hold the five entities of XML and characters
//! by their number: an entity that a document defines itself is refused, so that no file grows as it is read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::builder::Builder;
use super::data::Graph;
use super::fault::GraphFault;
use super::options::Reading;
use super::values::{EdgeValues, NodeValues};
use crate::inputs::error::InputError;
use crate::inputs::excerpt::shortened;
use crate::inputs::text::TextFile;

/// Elements within elements, at most.
const DEPTH_MAX: usize = 64;

/// Whether a text begins as XML does.
pub(super) fn is_such(file: TextFile<'_>) -> bool {
    file.text().trim_start().starts_with('<')
}

/// Reads GraphML.
///
/// # Errors
/// The first fault in the text.
pub(super) fn read<'a>(file: TextFile<'a>, reading: Reading<'_>) -> Result<Graph<'a>, InputError> {
    let mut document = Document::new(file, reading);
    let mut xml = quick_xml::Reader::from_str(file.text());
    loop {
        match xml.read_event() {
            Ok(Event::Start(tag)) => document.open(&tag)?,
            Ok(Event::Empty(tag)) => {
                document.open(&tag)?;
                document.close()?;
            }
            Ok(Event::End(_)) => document.close()?,
            Ok(Event::Text(text)) => document.text(text.into_inner()),
            Ok(Event::CData(text)) => document.text(text.into_inner()),
            Ok(Event::GeneralRef(reference)) => document.reference(&reference)?,
            Ok(Event::Eof) => return document.finish(),
            Ok(_) => {}
            Err(error) => {
                let at = xml.error_position() as usize;
                let reason = shortened(&error.to_string());
                return Err(file.fault(line_from(file, at), GraphFault::IllFormed { reason }));
            }
        }
    }
}

/// What an element is, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    GraphMl,
    Key,
    Default,
    Graph,
    Node,
    Edge,
    Data,
    Other,
}

/// A `<key>`: the name of an attribute, and whose it is.
struct Key<'a> {
    name: Cow<'a, str>,
    of: Cow<'a, str>,
    /// The value of those that have none.
    default: Option<Value<'a>>,
}

/// A value and where it stands.
#[derive(Clone)]
struct Value<'a> {
    text: Cow<'a, str>,
    place: &'a str,
}

/// The node or edge under way.
enum UnderWay<'a> {
    Nothing,
    Node(u32, &'a str, NodeValues<'a>),
    Edge([u32; 2], bool, &'a str, EdgeValues<'a>),
}

struct Document<'a, 'k> {
    file: TextFile<'a>,
    reading: Reading<'k>,
    builder: Builder<'a, 'k>,
    open: Vec<Element>,
    keys: Vec<Key<'a>>,
    /// The keys by what `<data>` calls them.
    by_id: BTreeMap<Cow<'a, str>, usize>,
    is_directed: bool,
    has_graph: bool,
    under_way: UnderWay<'a>,
    /// The name of the attribute that is being read, and its text.
    attribute: Cow<'a, str>,
    value: Option<Value<'a>>,
}

impl<'a, 'k> Document<'a, 'k> {
    fn new(file: TextFile<'a>, reading: Reading<'k>) -> Self {
        Self {
            file,
            reading,
            builder: Builder::new(file, reading),
            open: Vec::new(),
            keys: Vec::new(),
            by_id: BTreeMap::new(),
            is_directed: false,
            has_graph: false,
            under_way: UnderWay::Nothing,
            attribute: Cow::Borrowed(""),
            value: None,
        }
    }

    fn open(&mut self, tag: &BytesStart<'a>) -> Result<(), InputError> {
        let place = within(self.file, tag);
        let fault = |fault| Err(self.file.fault(place, fault));
        if self.open.len() == DEPTH_MAX {
            return fault(GraphFault::TooDeep { most: DEPTH_MAX });
        }
        let name = tag.local_name().into_inner();
        let element = match (self.open.last(), name) {
            (None, "graphml") => Element::GraphMl,
            (None, other) => {
                let root = shortened(other);
                return fault(GraphFault::NotGraphMl { root });
            }
            (Some(Element::GraphMl), "key") => self.key(tag, place)?,
            (Some(Element::Key), "default") => self.value_begins(Element::Default, place),
            (Some(Element::GraphMl), "graph") => self.graph(tag, place)?,
            (Some(Element::Node), "graph") => return fault(GraphFault::GraphInNode),
            (Some(Element::Graph), "hyperedge") => return fault(GraphFault::HyperEdge),
            (Some(Element::Graph), "node") => self.node(tag, place)?,
            (Some(Element::Graph), "edge") => self.edge(tag, place)?,
            (Some(Element::Node | Element::Edge), "data") => {
                let id = self
                    .attribute_of(tag, "key")?
                    .map_or("".into(), |id| id.text);
                let key = self.by_id.get(&id).map(|at| self.keys[*at].name.clone());
                self.attribute = key.unwrap_or(id);
                self.value_begins(Element::Data, place)
            }
            _ => Element::Other,
        };
        self.open.push(element);
        Ok(())
    }

    fn key(&mut self, tag: &BytesStart<'a>, place: &'a str) -> Result<Element, InputError> {
        let Some(id) = self.attribute_of(tag, "id")? else {
            return Err(self.file.fault(place, GraphFault::NoId));
        };
        let name = self.attribute_of(tag, "attr.name")?;
        let of = self.attribute_of(tag, "for")?;
        self.by_id.insert(id.text.clone(), self.keys.len());
        self.keys.push(Key {
            name: name.map_or(id.text, |name| name.text),
            of: of.map_or("all".into(), |of| of.text),
            default: None,
        });
        Ok(Element::Key)
    }

    fn graph(&mut self, tag: &BytesStart<'a>, place: &'a str) -> Result<Element, InputError> {
        if std::mem::replace(&mut self.has_graph, true) {
            return Err(self.file.fault(place, GraphFault::SecondGraph));
        }
        self.builder.say("read as GraphML");
        self.is_directed = match self.attribute_of(tag, "edgedefault")? {
            Some(value) if value.text == "directed" => true,
            Some(value) if value.text == "undirected" => false,
            Some(Value { text, place }) => {
                let value = shortened(&text);
                return Err(self.file.fault(place, GraphFault::NoDirection { value }));
            }
            None => {
                self.builder
                    .say("without `edgedefault`: edges lead both ways");
                false
            }
        };
        Ok(Element::Graph)
    }

    fn node(&mut self, tag: &BytesStart<'a>, place: &'a str) -> Result<Element, InputError> {
        let Some(Value { text, place }) = self.attribute_of(tag, "id")? else {
            return Err(self.file.fault(place, GraphFault::NoId));
        };
        let number = self.builder.node(text, place)?;
        let mut values = NodeValues::default();
        for key in self
            .keys
            .iter()
            .filter(|key| matches!(&*key.of, "node" | "all"))
        {
            if let Some(Value { text, place }) = &key.default {
                values.take(self.file, &self.reading, &key.name, text.clone(), place)?;
            }
        }
        self.under_way = UnderWay::Node(number, place, values);
        Ok(Element::Node)
    }

    fn edge(&mut self, tag: &BytesStart<'a>, place: &'a str) -> Result<Element, InputError> {
        let ends = [
            self.attribute_of(tag, "source")?,
            self.attribute_of(tag, "target")?,
        ];
        let [Some(from), Some(to)] = ends else {
            return Err(self.file.fault(place, GraphFault::NoEnd));
        };
        let ends = [
            self.builder.node(from.text, from.place)?,
            self.builder.node(to.text, to.place)?,
        ];
        let is_directed = match self.attribute_of(tag, "directed")? {
            None => self.is_directed,
            Some(value) if matches!(&*value.text, "true" | "1") => true,
            Some(value) if matches!(&*value.text, "false" | "0") => false,
            Some(Value { text, place }) => {
                let value = shortened(&text);
                return Err(self.file.fault(place, GraphFault::NoDirection { value }));
            }
        };
        self.under_way = UnderWay::Edge(ends, is_directed, place, EdgeValues::default());
        Ok(Element::Edge)
    }

    fn close(&mut self) -> Result<(), InputError> {
        match self.open.pop() {
            Some(Element::Default) => {
                let value = self.value.take();
                if let Some(key) = self.keys.last_mut() {
                    key.default = value;
                }
            }
            Some(Element::Data) => {
                if let Some(value) = self.value.take() {
                    self.take(&value)?;
                }
            }
            Some(Element::Node | Element::Edge) => {
                match std::mem::replace(&mut self.under_way, UnderWay::Nothing) {
                    UnderWay::Nothing => {}
                    UnderWay::Node(number, place, values) => {
                        self.builder.declare(number, place, values)?;
                    }
                    UnderWay::Edge(ends, is_directed, place, values) => {
                        self.edge_ends(ends, is_directed, place, values)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes an attribute of the node or edge under way in.
    fn take(&mut self, value: &Value<'a>) -> Result<(), InputError> {
        let (name, text) = (&self.attribute, trimmed(&value.text));
        match &mut self.under_way {
            UnderWay::Nothing => {}
            UnderWay::Node(_, _, values) => {
                values.take(self.file, &self.reading, name, text, value.place)?;
                self.builder.has_attribute(name.clone());
            }
            UnderWay::Edge(.., values) => values.take(&self.reading, name, text, value.place),
        }
        Ok(())
    }

    fn edge_ends(
        &mut self,
        ends: [u32; 2],
        is_directed: bool,
        place: &'a str,
        mut values: EdgeValues<'a>,
    ) -> Result<(), InputError> {
        for key in self
            .keys
            .iter()
            .filter(|key| matches!(&*key.of, "edge" | "all"))
        {
            if let Some(Value { text, place }) = &key.default {
                values.take(&self.reading, &key.name, text.clone(), place);
            }
        }
        let known = values.latency(self.file, &self.reading, place)?;
        if let Some(told) = known.told {
            self.builder.say(format!("latencies {told}"));
        }
        self.builder.edge(ends, known.ms, is_directed, known.place)
    }

    fn value_begins(&mut self, element: Element, place: &'a str) -> Element {
        let text = Cow::Borrowed("");
        self.value = Some(Value { text, place });
        element
    }

    /// Takes a piece of text in, if it is one of a value.
    fn text(&mut self, piece: Cow<'a, str>) {
        let is_value = matches!(self.open.last(), Some(Element::Data | Element::Default));
        let Some(value) = self.value.as_mut().filter(|_| is_value) else {
            return;
        };
        if !value.text.is_empty() {
            value.text.to_mut().push_str(&piece);
            return;
        }
        let place = within(self.file, &piece).trim();
        if !place.is_empty() {
            value.place = place;
        }
        value.text = piece;
    }

    fn reference(&mut self, reference: &BytesRef<'a>) -> Result<(), InputError> {
        let sign = match reference.resolve_char_ref() {
            Ok(Some(sign)) => Some(Cow::Owned(sign.to_string())),
            Ok(None) => resolve_xml_entity(reference).map(Cow::Borrowed),
            Err(_) => None,
        };
        let place = within(self.file, reference);
        let Some(sign) = sign else {
            let name = shortened(reference);
            return Err(self.file.fault(place, GraphFault::UnknownEntity { name }));
        };
        self.text(sign);
        Ok(())
    }

    /// The attribute of a tag by this name.
    fn attribute_of(
        &self,
        tag: &BytesStart<'a>,
        name: &str,
    ) -> Result<Option<Value<'a>>, InputError> {
        let tag_place = within(self.file, tag);
        let fault = |reason: String| {
            let reason = shortened(&reason);
            self.file.fault(tag_place, GraphFault::IllFormed { reason })
        };
        // Whether a name comes twice is asked in a time that grows with its square: a file could be made of names.
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| fault(error.to_string()))?;
            if attribute.key.into_inner() == name {
                let place = within(self.file, &attribute.value);
                let text = unescape(place).map_err(|error| fault(error.to_string()))?;
                return Ok(Some(Value { text, place }));
            }
        }
        Ok(None)
    }

    fn finish(self) -> Result<Graph<'a>, InputError> {
        let text = self.file.text();
        if !self.open.is_empty() {
            let last = text.trim_end().lines().last().unwrap_or(text);
            return Err(self.file.fault(last, GraphFault::UnclosedElement));
        }
        self.builder.finish_declared()
    }
}

/// Where a part of the text stands in it.
fn within<'a>(file: TextFile<'a>, part: &str) -> &'a str {
    let text = file.text();
    let at = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
    let place = at.and_then(|at| text.get(at..at.checked_add(part.len())?));
    place.unwrap_or(&text[..0])
}

/// What follows a byte of the text in its line.
fn line_from(file: TextFile<'_>, at: usize) -> &str {
    let text = file.text();
    let at = text.floor_char_boundary(at);
    let line = text[at..].lines().next().unwrap_or("");
    line.trim_end()
}

fn trimmed<'a>(text: &Cow<'a, str>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => text.trim().into(),
        Cow::Owned(text) => text.trim().to_owned().into(),
    }
}
