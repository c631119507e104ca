// XML in and out; shared by gateway and simulator.
export { childOf, childrenOf, clarkOf, parseClark, textOf, type XmlElement } from './element.ts';
export { answerLimits, openXmlReader, parseXml, requestLimits, XmlError, type XmlLimits } from './parse.ts';
export { escapeAttribute, escapeText, Markup, markupOf, renderXml, xml, type XmlContent } from './render.ts';
